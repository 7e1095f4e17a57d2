// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Changes the weather of the proxies, one at a time or both.
final class WeatherMaker {
    private let proxies: [FaultyProxy]
    private let timeline: Timeline
    private let counts: TormentCounts
    private let stop: StopFlag
    private var random: SplitMix64

    init(plan: Plan, proxies: [FaultyProxy], timeline: Timeline, counts: TormentCounts, stop: StopFlag) {
        self.proxies = proxies
        self.timeline = timeline
        self.counts = counts
        self.stop = stop
        random = SplitMix64(seed: plan.seed ^ 0x7765_6174_6865_7200)
    }

    func run() {
        while stop.sleep(milliseconds: 300 + random.below(4000)) {
            timeline.beginDisturbance()
            let which = random.below(3)
            for (number, proxy) in proxies.enumerated() where which == 2 || which == number {
                proxy.weather = random.pick(Weather.passing)
            }
            counts.add(.network)
            stop.sleep(milliseconds: 200 + random.below(2500))
            for proxy in proxies { proxy.weather = .fair }
            timeline.endDisturbance()
        }
    }
}
