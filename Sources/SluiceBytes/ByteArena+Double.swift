// SPDX-License-Identifier: Apache-2.0

extension ByteArena {
    /// Writes the shortest decimal that reads back as this double, in the form of `description`; what is not finite
    /// becomes `null`. No string is made on the way.
    package func append(double value: Double) {
        if appendMillionths(value) { return }
        guard value.isFinite else { return append("null") }
        var sink = Sink(arena: self)
        value.write(to: &sink)
    }

    /// Writes a number that has six decimals at most and fifteen digits at most, as most numbers in logs have.
    ///
    /// If such a decimal reads back as the number, which one exact division tells, no shorter one does: two decimals of
    /// up to fifteen digits are never the same double.
    private func appendMillionths(_ value: Double) -> Bool {
        let magnitude = value.magnitude
        // Below, `description` uses an exponent; it also keeps zero, which may have a sign, out.
        guard magnitude >= 1e-4, magnitude < 1e9 else { return false }
        let scaled = (magnitude * 1e6).rounded()
        guard scaled / 1e6 == magnitude else { return false }
        let millionths = UInt64(scaled)
        let whole = millionths / 1_000_000
        var cursor = ByteCursor(self, room: 40)
        if value < 0 { cursor.append(UInt8(ascii: "-")) }
        cursor.append(integer: whole)
        cursor.append(UInt8(ascii: "."))
        // The first digit in the lowest byte, and the two last ones zero.
        let digits = DecimalWord.digits((millionths &- whole &* 1_000_000) &* 100)
        let used = max(1, 8 &- digits.leadingZeroBitCount >> 3)
        cursor.append(word: digits | 0x3030_3030_3030_3030, used: used)
        cursor.finish(self)
        return true
    }

    /// Takes the text of a number as bytes, where the standard library offers them so.
    private struct Sink: TextOutputStream {
        let arena: ByteArena

        mutating func write(_ string: String) { arena.append(string) }

        mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
            guard let base = buffer.baseAddress else { return }
            unsafe arena.append(ByteView(base: base, count: buffer.count))
        }
    }
}
