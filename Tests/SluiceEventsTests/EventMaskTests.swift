// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import TestSupport
import Testing

@Suite struct EventMaskTests {
    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1000])
    func itIsAnArrayOfBooleans(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        #expect(EventMask(count: count, isSet: true).population == count)
        #expect(EventMask(count: count, isSet: false).isEmpty)
        var left = EventMask(count: count, isSet: false)
        var right = EventMask(count: count, isSet: true)
        var first = Array(repeating: false, count: count)
        var second = Array(repeating: true, count: count)
        for _ in 0..<count {
            let index = random.below(max(count, 1))
            left[index] = random.below(2) == 0
            first[index] = left[index]
            right[index] = random.below(2) == 0
            second[index] = right[index]
        }
        func check(_ mask: EventMask, _ expected: [Bool]) {
            #expect((0..<count).map { mask[$0] } == expected)
            #expect(mask.population == expected.filter(\.self).count)
            #expect(mask.isEmpty == !expected.contains(true))
            var seen: [Int] = []
            mask.forEach { seen.append($0) }
            #expect(seen == expected.indices.filter { expected[$0] })
        }
        check(left, first)
        var both = left
        both.formIntersection(right)
        check(both, zip(first, second).map { $0 && $1 })
        var either = left
        either.formUnion(right)
        check(either, zip(first, second).map { $0 || $1 })
        var without = left
        without.subtract(right)
        check(without, zip(first, second).map { $0 && !$1 })
        var inverted = left
        inverted.invert()
        check(inverted, first.map { !$0 })
        var filtered = left
        filtered.filter { $0 % 3 == 0 }
        check(filtered, first.enumerated().map { $0.element && $0.offset % 3 == 0 })
    }

    @Test func whatIsOutsideIsNotSetAndCannotBe() {
        var mask = EventMask(count: 10, isSet: true)
        mask[10] = true
        mask[-1] = true
        #expect(!mask[10] && !mask[-1] && !mask[1000] && mask.population == 10)
    }
}
