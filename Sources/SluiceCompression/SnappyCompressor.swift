// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Compresses to Snappy's block format, reusing a table of 32 KiB.
///
/// Source: "Snappy compressed format description", 2011-10-05. A body is its length as a varint, then literals and
/// copies of what came before; here none reaches back over a multiple of 64 KiB. Not for use from two threads at once.
@safe
package final class SnappyCompressor {
    private static let block = 64 << 10
    /// The most that a block can take: a tag for 60 bytes of literal would be the worst, and there is none.
    package static let blockRoom = block + block / 6 + 32
    private static let tableBits: UInt32 = 14

    /// Where four bytes with this hash last began, from the beginning of the block.
    private let table: UnsafeMutablePointer<UInt16>

    package init() { unsafe table = .allocate(capacity: 1 << Int(Self.tableBits)) }

    deinit { unsafe table.deallocate() }

    /// Appends the compressed form of `text`, which has less than 4 GiB.
    package func compress(_ text: ByteView, to output: some GzipOutput) {
        unsafe output.extend(room: 10) { room in
            var length = UInt64(text.count)
            var used = 0
            while length >= 0x80 {
                unsafe room[used] = UInt8(truncatingIfNeeded: length) | 0x80
                length >>= 7
                used += 1
            }
            unsafe room[used] = UInt8(truncatingIfNeeded: length)
            return used + 1
        }
        var start = 0
        while start < text.count {
            let part = text[start..<min(start + Self.block, text.count)]
            unsafe output.extend(room: Self.blockRoom) { room in
                guard let base = unsafe room.bindMemory(to: UInt8.self).baseAddress else { return 0 }
                return unsafe compress(block: part, to: base)
            }
            start += part.count
        }
    }

    /// - Returns: bytes written, at most `blockRoom`.
    private func compress(block text: ByteView, to output: UnsafeMutablePointer<UInt8>) -> Int {
        var out = unsafe output
        var literal = 0
        // Eight bytes are looked at from where a match may begin.
        let last = text.count - 8
        if last > 0 {
            unsafe table.update(repeating: 0, count: 1 << Int(Self.tableBits))
            var position = 1
            // Where nothing matches, ever fewer places are looked at.
            var misses = 32
            while position <= last {
                let word = text.word(at: position)
                let slot = Self.slot(word)
                let candidate = unsafe Int(table[slot])
                unsafe table[slot] = UInt16(truncatingIfNeeded: position)
                guard UInt32(truncatingIfNeeded: text.word(at: candidate)) == UInt32(truncatingIfNeeded: word) else {
                    position += misses >> 5
                    misses += 1
                    continue
                }
                misses = 32
                unsafe out = Self.append(literal: text[literal..<position], to: out)
                let length = 4 + Self.shared(text, candidate + 4, position + 4)
                unsafe out = Self.append(copy: length, offset: position - candidate, to: out)
                position += length
                literal = position
                // What ends a match often begins the next one.
                if position <= last {
                    unsafe table[Self.slot(text.word(at: position - 1))] = UInt16(truncatingIfNeeded: position - 1)
                }
            }
        }
        unsafe out = Self.append(literal: text[literal..<text.count], to: out)
        return unsafe out - output
    }

    @inline(__always)
    private static func slot(_ word: UInt64) -> Int {
        Int((UInt32(truncatingIfNeeded: word) &* 0x9e37_79b1) >> (32 - tableBits))
    }

    /// How many bytes are the same from both places on; the first comes before the second.
    @inline(__always)
    private static func shared(_ text: ByteView, _ first: Int, _ second: Int) -> Int {
        var length = 0
        while second + length + 8 <= text.count {
            let difference = text.word(at: first + length) ^ text.word(at: second + length)
            if difference != 0 { return length + difference.trailingZeroBitCount >> 3 }
            length += 8
        }
        while second + length < text.count, text[first + length] == text[second + length] { length += 1 }
        return length
    }

    private static func append(literal text: ByteView, to output: UnsafeMutablePointer<UInt8>)
        -> UnsafeMutablePointer<UInt8>
    {
        guard !text.isEmpty else { return unsafe output }
        let rest = text.count - 1
        var out = unsafe output
        if rest < 60 {
            unsafe out[0] = UInt8(rest << 2)
            unsafe out += 1
        } else if rest < 256 {
            unsafe out[0] = 60 << 2
            unsafe out[1] = UInt8(rest)
            unsafe out += 2
        } else {
            unsafe out[0] = 61 << 2
            unsafe out[1] = UInt8(truncatingIfNeeded: rest)
            unsafe out[2] = UInt8(truncatingIfNeeded: rest >> 8)
            unsafe out += 3
        }
        unsafe out.update(from: text.base, count: text.count)
        return unsafe out + text.count
    }

    private static func append(copy length: Int, offset: Int, to output: UnsafeMutablePointer<UInt8>)
        -> UnsafeMutablePointer<UInt8>
    {
        var out = unsafe output
        var rest = length
        func wide(_ count: Int) {
            unsafe out[0] = UInt8(2 | (count - 1) << 2)
            unsafe out[1] = UInt8(truncatingIfNeeded: offset)
            unsafe out[2] = UInt8(truncatingIfNeeded: offset >> 8)
            unsafe out += 3
            rest -= count
        }
        // What is left over at the end has four bytes at least.
        while rest >= 68 { wide(64) }
        if rest > 64 { wide(60) }
        if rest < 12, offset < 2048 {
            unsafe out[0] = UInt8(1 | (rest - 4) << 2 | (offset >> 8) << 5)
            unsafe out[1] = UInt8(truncatingIfNeeded: offset)
            unsafe out += 2
        } else {
            wide(rest)
        }
        return unsafe out
    }
}
