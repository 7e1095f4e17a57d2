// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Makes UTF-8 of the bytes of a file. Belongs to one thread at a time.
package final class TextDecoder {
    private enum Method {
        case utf8
        case utf16(isBigEndian: Bool)
        case table([UInt32])
        case iconv(IconvConverter)
    }

    /// What is wrong with an encoding.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case unknownToSystem(String)

        package var description: String {
            switch self {
            case .unknownToSystem(let name): "this system's iconv does not know the encoding \(name)"
            }
        }
    }

    private let method: Method

    /// - Parameter head: the file's first bytes; two are enough. They decide where the encoding leaves the byte order to
    ///   a mark.
    package init(_ encoding: TextEncoding, head: ByteView = .empty) throws(Failure) {
        switch encoding.kind {
        case .utf8: method = .utf8
        case .utf16(let order): method = .utf16(isBigEndian: Self.isBigEndian(order, head))
        case .singleByte(let name, let hasControls):
            guard let converter = IconvConverter(from: name, to: "UTF-8") else { throw .unknownToSystem(name) }
            method = .table(Self.table(converter, hasControls: hasControls))
        case .several(let name):
            guard let converter = IconvConverter(from: name, to: "UTF-8") else { throw .unknownToSystem(name) }
            method = .iconv(converter)
        }
    }

    /// Whether text can stay where it is, if it is valid.
    var isUTF8: Bool { if case .utf8 = method { true } else { false } }

    /// Whether the first byte of a unit of two is its upper half.
    var isBigEndian: Bool { if case .utf16(true) = method { true } else { false } }

    private static func isBigEndian(_ order: TextEncoding.ByteOrder, _ head: ByteView) -> Bool {
        switch order {
        case .little: return false
        case .big: return true
        case .mark(let otherwise):
            if head.count >= 2, head[0] == 0xfe, head[1] == 0xff { return true }
            if head.count >= 2, head[0] == 0xff, head[1] == 0xfe { return false }
            return otherwise == .big
        }
    }

    /// For each byte its UTF-8: up to three bytes, the first of them lowest, and their count on top; 0 if it has none.
    private static func table(_ converter: IconvConverter, hasControls: Bool) -> [UInt32] {
        let arena = ByteArena(capacity: 64)
        return (0...255).map { byte in
            arena.removeAll()
            let isInvalid = [UInt8(byte)].withByteView { converter.append($0, to: arena) }
            if isInvalid {
                guard hasControls, (0x80...0x9f).contains(byte) else { return 0 }
                arena.removeAll()
                arena.append(0xc2)
                arena.append(UInt8(byte))
            }
            // No encoding of one byte leaves the plane in which UTF-8 has three.
            guard arena.count <= 3 else { return 0 }
            var word = UInt32(arena.count) << 24
            for index in 0..<arena.count { word |= UInt32(arena.view[index]) << UInt32(index * 8) }
            return word
        }
    }

    /// Appends the text that `bytes` stand for, as UTF-8.
    ///
    /// - Parameter bytes: must not lie in `arena`.
    /// - Returns: whether something in them was no text; U+FFFD stands for it.
    package func append(_ bytes: ByteView, to arena: ByteArena) -> Bool {
        switch method {
        case .utf8: Self.appendUTF8(bytes, to: arena)
        case .utf16(let isBigEndian): appendUTF16(bytes, isBigEndian: isBigEndian, to: arena)
        case .table(let table): appendByTable(bytes, table, to: arena)
        case .iconv(let converter): converter.append(bytes, to: arena)
        }
    }

    /// Appends text that should be UTF-8. As everywhere else in this package, each byte that is no text becomes one
    /// U+FFFD.
    static func appendUTF8(_ bytes: ByteView, to arena: ByteArena) -> Bool {
        var hasInvalid = false
        var position = 0
        var valid = 0
        while position < bytes.count {
            if position + 8 <= bytes.count, bytes.word(at: position) & 0x8080_8080_8080_8080 == 0 {
                position += 8
                continue
            }
            let length = UTF8Sequence.length(in: bytes, at: position)
            if length == 0 {
                hasInvalid = true
                arena.append(bytes[valid..<position])
                arena.append("\u{fffd}")
                valid = position + 1
            }
            position += max(length, 1)
        }
        arena.append(bytes[valid..<bytes.count])
        return hasInvalid
    }

    private func appendByTable(_ bytes: ByteView, _ table: [UInt32], to arena: ByteArena) -> Bool {
        var hasInvalid = false
        arena.reserve(bytes.count * 3 + 8)
        unsafe table.withUnsafeBufferPointer { table in
            for position in 0..<bytes.count {
                let entry = unsafe table[Int(bytes[position])]
                if entry == 0 {
                    hasInvalid = true
                    arena.append("\u{fffd}")
                } else {
                    arena.appendReserved(word: UInt64(entry & 0xff_ffff), used: Int(entry >> 24))
                }
            }
        }
        return hasInvalid
    }

    private func appendUTF16(_ bytes: ByteView, isBigEndian: Bool, to arena: ByteArena) -> Bool {
        var hasInvalid = false
        arena.reserve(bytes.count / 2 * 3 + 8)
        func unit(_ position: Int) -> UInt32 {
            isBigEndian
                ? UInt32(bytes[position]) << 8 | UInt32(bytes[position + 1])
                : UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position])
        }
        var position = 0
        while position + 2 <= bytes.count {
            var value = unit(position)
            position += 2
            if value < 0x80 {
                arena.append(UInt8(truncatingIfNeeded: value))
                continue
            }
            if value & 0xfc00 == 0xd800, position + 2 <= bytes.count {
                let low = unit(position)
                if low & 0xfc00 == 0xdc00 {
                    value = 0x10000 + (value & 0x3ff) << 10 + (low & 0x3ff)
                    position += 2
                }
            }
            guard let scalar = Unicode.Scalar(value) else {
                hasInvalid = true
                arena.append("\u{fffd}")
                continue
            }
            arena.append(scalar: scalar)
        }
        if position < bytes.count {
            hasInvalid = true
            arena.append("\u{fffd}")
        }
        return hasInvalid
    }
}
