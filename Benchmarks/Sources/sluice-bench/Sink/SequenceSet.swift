// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Which sequence numbers have been seen: a bit each.
struct SequenceSet {
    private var words: [UInt64] = []
    /// Numbers seen at least once.
    private(set) var count = 0
    /// How often a number was seen that had been seen before.
    private(set) var repeats = 0

    /// Numbers beyond this are taken for damaged text.
    private static let limit = 1 << 33

    mutating func insert(_ number: Int) {
        guard number < Self.limit else { return }
        let word = number >> 6
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
        }
        let bit: UInt64 = 1 << UInt64(number & 63)
        if words[word] & bit == 0 { count += 1 } else { repeats += 1 }
        words[word] |= bit
    }

    /// How many of 0 to `expected - 1` have not been seen, and the first few of them.
    func missing(of expected: Int) -> (count: Int, first: [Int]) {
        var count = 0
        var first: [Int] = []
        for number in 0..<expected {
            let word = number >> 6
            if word < words.count, words[word] & (1 << UInt64(number & 63)) != 0 { continue }
            count += 1
            if first.count < 10 { first.append(number) }
        }
        return (count, first)
    }

    /// The highest number seen and one, or 0.
    var end: Int {
        guard let word = words.lastIndex(where: { $0 != 0 }) else { return 0 }
        return word * 64 + 64 - words[word].leadingZeroBitCount
    }

    /// Appends the numbers that stand behind the word `sequence` in a text, be it a key in JSON, the same inside an
    /// escaped string, or a query's `sequence=`.
    static func find(in text: ByteView, into numbers: inout [Int]) {
        // The rarest of its letters is looked for first.
        let head = ByteView("se")
        let tail = ByteView("quence")
        var rest = text
        while let found = rest.firstIndex(of: UInt8(ascii: "q")) {
            let before = rest[max(0, found - head.count)..<found]
            let behind = rest[found..<rest.count]
            guard before == head, behind.hasPrefix(tail) else {
                rest = rest[(found + 1)..<rest.count]
                continue
            }
            var position = found + tail.count
            while position < rest.count, isBetween(rest[position]) { position += 1 }
            var number = 0
            var digits = 0
            while position < rest.count, rest[position] &- 0x30 < 10, digits < 15 {
                number = number * 10 + Int(rest[position] - 0x30)
                digits += 1
                position += 1
            }
            if digits > 0 { numbers.append(number) }
            rest = rest[position..<rest.count]
        }
    }

    private static func isBetween(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: " "): true
        default: false
        }
    }
}
