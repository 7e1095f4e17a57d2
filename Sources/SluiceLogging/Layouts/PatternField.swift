// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One `%(name)s` of a pattern: what it stands for, and how wide it is written.
struct PatternField: Hashable, Sendable {
    /// What it stands for; the names are those of Python's `LogRecord` attributes.
    enum Attribute: String, Hashable, Sendable, CaseIterable {
        case asctime, msecs, levelname, levelno, name, message, module, filename, funcName, lineno, process, thread
        /// Not Python's: the fields, as `.text` writes them.
        case fields
    }

    var attribute: Attribute
    /// Characters that it has at least; a short one is filled up.
    var width = 0
    /// It is filled up behind and not before.
    var isLeftAligned = false
    /// It is filled up with zeros.
    var isZeroPadded = false
    /// Characters that it has at most.
    var precision: Int?

    /// What it is filled up or cut to, counted in characters as Python counts them.
    func fit(from start: Int, in line: ByteArena) {
        if let precision { cut(to: precision, from: start, in: line) }
        let missing = width - Self.characters(of: line.view(start..<line.count))
        guard missing > 0 else { return }
        if isLeftAligned {
            for _ in 0..<missing { line.append(UInt8(ascii: " ")) }
        } else {
            let text = line.view(start..<line.count).array
            line.truncate(to: start)
            for _ in 0..<missing { line.append(isZeroPadded ? UInt8(ascii: "0") : UInt8(ascii: " ")) }
            text.withByteView { line.append($0) }
        }
    }

    private func cut(to count: Int, from start: Int, in line: ByteArena) {
        var characters = 0
        for index in start..<line.count where line.view[index] & 0xc0 != 0x80 {
            if characters == count { return line.truncate(to: index) }
            characters += 1
        }
    }

    private static func characters(of text: ByteView) -> Int {
        var count = 0
        for index in 0..<text.count where text[index] & 0xc0 != 0x80 { count += 1 }
        return count
    }
}

extension PatternField.Attribute {
    /// Python writes it as a number, so that `%(lineno)d` is right.
    var isNumber: Bool {
        switch self {
        case .msecs, .levelno, .lineno, .process, .thread: true
        default: false
        }
    }

    /// What tells the thread that runs from others, as in Python.
    static var threadNumber: UInt64 {
        #if canImport(Darwin)
        unsafe UInt64(UInt(bitPattern: pthread_self()))
        #else
        UInt64(pthread_self())
        #endif
    }
}
