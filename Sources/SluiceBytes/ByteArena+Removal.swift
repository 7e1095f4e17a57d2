// SPDX-License-Identifier: Apache-2.0

extension ByteArena {
    /// Takes a range out; what stood behind it moves up.
    package func remove(_ range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return }
        let rest = count - range.upperBound
        unsafe (base + range.lowerBound).update(from: base + range.upperBound, count: rest)
        truncate(to: count - range.count)
    }

    /// Puts bytes of other storage in at an offset; what stood there moves back.
    package func insert(_ bytes: ByteView, at offset: Int) {
        guard offset >= 0, offset <= count, !bytes.isEmpty else { return }
        let rest = count - offset
        reserve(bytes.count)
        unsafe (base + offset + bytes.count).update(from: base + offset, count: rest)
        unsafe (base + offset).update(from: bytes.base, count: bytes.count)
        count += bytes.count
    }

    /// Overwrites a range with as many bytes of other storage.
    package func replace(_ range: Range<Int>, with bytes: ByteView) {
        guard range.lowerBound >= 0, range.upperBound <= count, range.count == bytes.count else { return }
        unsafe (base + range.lowerBound).update(from: bytes.base, count: bytes.count)
    }

    /// A copy with storage of its own, as large as it must be.
    package func copy() -> ByteArena {
        let copy = ByteArena(capacity: count)
        copy.append(view)
        return copy
    }
}
