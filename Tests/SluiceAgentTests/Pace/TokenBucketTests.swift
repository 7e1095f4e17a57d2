// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("How much goes a second")
struct TokenBucketTests {
    private static let second: Int64 = 1_000_000_000

    @Test("What goes makes the next wait for as long as it is worth, less what the bucket holds")
    func pace() {
        var bucket = TokenBucket(rate: 1000)
        #expect(bucket.opensAt <= 0)
        bucket.take(500, now: 0)
        #expect(bucket.opensAt == Self.second / 2 - TokenBucket.burst)
        bucket.take(1000, now: bucket.opensAt)
        #expect(bucket.opensAt == Self.second * 3 / 2 - TokenBucket.burst)
    }

    @Test("In any time there is no more than the rate, the bucket and one request", arguments: [100, 700, 5000])
    func bound(size: Int) {
        var bucket = TokenBucket(rate: 1000)
        var now: Int64 = 0
        var sent = 0
        while now < 60 * Self.second {
            now = max(now, bucket.opensAt)
            bucket.take(size, now: now)
            sent += size
            #expect(Double(sent) <= Double(now) / 1e6 + 100 + Double(size) + 1)
        }
        #expect(sent >= 59 * 1000, "and no less")
    }

    @Test("What was not used is not saved up")
    func idle() {
        var bucket = TokenBucket(rate: 1000)
        bucket.take(100, now: 0)
        let later = 3600 * Self.second
        bucket.take(1000, now: later)
        #expect(bucket.opensAt == later + Self.second - TokenBucket.burst)
    }

    @Test("Nothing overflows")
    func large() {
        var bucket = TokenBucket(rate: 1)
        for _ in 0..<3 { bucket.take(.max, now: .max - 1) }
        #expect(bucket.opensAt > 0)
    }

    @Test("Of several limits the strictest counts, and without any nothing waits")
    func limits() {
        var none = RateLimit(bytes: nil, events: nil)
        none.take(bytes: 1 << 40, events: 1 << 40, now: 0)
        #expect(none.opensAt <= 0)
        var both = RateLimit(bytes: 1000, events: 10)
        both.take(bytes: 1000, events: 1, now: 0)
        #expect(both.opensAt == Self.second - TokenBucket.burst)
        both.take(bytes: 1, events: 50, now: both.opensAt)
        #expect(both.opensAt > 5 * Self.second)
    }
}
