// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The weather of a whole run, as the seed has it. Every kind comes before any comes again.
struct Forecast: Sendable {
    private(set) var episodes: [Episode] = []
    /// The agent is restarted in the calm before this one, and not killed afterwards: so that its counters, which begin
    /// with it, have to add up.
    private(set) var restart = 0

    /// How long things last, in milliseconds.
    private struct Pace {
        var calm: ClosedRange<Int>
        var short: ClosedRange<Int>
        var middling: ClosedRange<Int>
        /// Long enough for pauses that double to have become long ones.
        var long: ClosedRange<Int>
        var fullDisk: Int
        /// Fronts in an episode.
        var fronts: ClosedRange<Int>

        static let leisurely = Pace(
            calm: 4500...5500,
            short: 500...3000,
            middling: 3000...8000,
            long: 12_000...20_000,
            fullDisk: 10_000,
            fronts: 1...3
        )
        /// For runs of less than a minute.
        static let hurried = Pace(
            calm: 2000...2500,
            short: 200...800,
            middling: 500...1200,
            long: 1000...2000,
            fullDisk: 2000,
            fronts: 2...4
        )
    }

    /// - Parameters:
    ///   - seconds: about how long all of it lasts.
    ///   - chosen: the kinds that there are.
    init(seed: UInt64, seconds: Int, chosen: [Front.Kind]) {
        var random = SplitMix64(seed: seed ^ 0x666F_7265_6361_7374)
        let pace = seconds < 60 ? Pace.hurried : .leisurely
        let kinds = Self.everything.filter { chosen.contains($0.kind) }
        let end = seconds * 1000
        var time = 0
        var deck: [Front] = []
        while time < end, !kinds.isEmpty {
            if restart == 0, time > end * 6 / 10 { restart = episodes.count }
            var fronts: [Front] = []
            for _ in 0..<Int.random(in: pace.fronts, using: &random) {
                if deck.isEmpty { deck = kinds.shuffled(using: &random) }
                guard var front = Self.take(from: &deck, beside: fronts, sparing: restart > 0) else { continue }
                front.start = fronts.isEmpty ? 0 : random.below(pace.short.upperBound)
                front.length = Self.length(of: front.kind, pace, &random)
                fronts.append(front)
            }
            let episode = Episode(fronts: fronts, calm: Int.random(in: pace.calm, using: &random))
            time += episode.length
            episodes.append(episode)
        }
        if restart == 0 { restart = episodes.count }
    }

    /// The next of the deck that can be beside others: only one thing at a time is done to the agent.
    ///
    /// - Parameter sparing: the agent is not to be killed.
    private static func take(from deck: inout [Front], beside others: [Front], sparing: Bool) -> Front? {
        if sparing { deck.removeAll { $0.kind == .kill } }
        let isBusy = others.contains { $0.target == .agent }
        guard let place = deck.lastIndex(where: { !isBusy || $0.target != .agent }) else { return nil }
        return deck.remove(at: place)
    }

    private static func length(of kind: Front.Kind, _ pace: Pace, _ random: inout SplitMix64) -> Int {
        switch kind {
        case .diskFull: pace.fullDisk
        // A moment in between, so that something is under way when it comes.
        case .certificate: 100
        case .kill, .stop, .restart: Int.random(in: pace.short, using: &random)
        default:
            switch random.below(10) {
            case 0..<5: Int.random(in: pace.short, using: &random)
            case 5..<8: Int.random(in: pace.middling, using: &random)
            default: Int.random(in: pace.long, using: &random)
            }
        }
    }

    private static let everything: [Front] = {
        let anywhere: [Front.Kind] = [.refused, .resetInRequest, .cutAnswer, .lostAnswer, .slow, .blackHole]
        let overHTTP: [Front.Kind] = anywhere + [.tooMany, .tooManyRetryAfter, .unavailable]
        let oneHost: [Front.Kind] = [.refused, .resetInRequest, .slow, .blackHole, .unavailable]
        return (overHTTP + [.certificate, .expired]).map { Front(kind: $0, target: .loki) }
            + overHTTP.map { Front(kind: $0, target: .elasticsearch) }
            + oneHost.enumerated().map { Front(kind: $1, target: .host($0 % WeatherPipeline.hosts)) }
            + anywhere.map { Front(kind: $0, target: .logstash) }
            + [.diskFull, .kill, .stop].map { Front(kind: $0, target: .agent) }
    }()
}
