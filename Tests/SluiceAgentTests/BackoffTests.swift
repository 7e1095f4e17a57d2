// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test("The limit doubles to its maximum, and a success takes it back")
    func doubling() {
        var backoff = Backoff(initial: 1, maximum: 60)
        var generator = SystemRandomNumberGenerator()
        var limits: [Int64] = []
        for _ in 0..<9 {
            limits.append(backoff.limit)
            let pause = backoff.next(using: &generator)
            #expect((0...(limits.last ?? 0)).contains(pause))
        }
        #expect(limits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        backoff.reset()
        #expect(backoff.limit == 1)
    }

    @Test("Full jitter goes from nothing to the limit")
    func jitter() {
        var backoff = Backoff(initial: 1000, maximum: 1000)
        var generator = SystemRandomNumberGenerator()
        let pauses = (0..<1000).map { _ in backoff.next(using: &generator) }
        // A thousand draws leave a tenth of the range empty once in 10^45 times.
        #expect(pauses.allSatisfy { (0...1000).contains($0) })
        #expect(pauses.contains { $0 < 100 })
        #expect(pauses.contains { $0 > 900 })
    }

    @Test("No length of an outage overflows")
    func long() {
        var backoff = Backoff(initial: Int64.max / 2, maximum: Int64.max)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 { #expect(backoff.next(using: &generator) >= 0) }
    }
}
