// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a thread knows of the call sites that logged last: how they are written in the default layout.
@safe
final class CallSites {
    private struct Entry: BitwiseCopyable {
        /// Of the literals, where they are known to be such.
        var fileAddress: UInt = 0
        var functionAddress: UInt = 0
        var line: UInt = 0
        /// The lengths of what stands in the slot, one behind the other: the JSON, the file, the function.
        var text = 0
        var file = 0
        var function = 0
    }

    /// A power of two.
    private static let slots = 128
    /// Bytes; what is longer is not kept.
    private static let slotSize = 256

    private let entries = FlatArray<Entry>(capacity: slots)
    private let bytes = ByteArena(capacity: slots * slotSize)

    init() {
        entries.append(repeating: Entry(), count: Self.slots)
        bytes.count = Self.slots * Self.slotSize
    }

    /// `,"module":"Service","function":"predict()","line":42` of a site, or nothing if that is too long.
    ///
    /// - Parameters:
    ///   - file: a literal, which lies where it is for as long as the process, so that it is known by its address.
    ///   - function: a literal, too.
    @inline(__always)
    func text(literalFile file: ByteView, literalFunction function: ByteView, line: UInt) -> ByteView {
        let fileAddress = unsafe UInt(bitPattern: file.base)
        let functionAddress = unsafe UInt(bitPattern: function.base)
        let slot = Int(truncatingIfNeeded: (line &+ (functionAddress >> 4)) & UInt(Self.slots - 1))
        let entry = entries[slot]
        if entry.line == line, entry.functionAddress == functionAddress, entry.fileAddress == fileAddress {
            return bytes.view((slot &* Self.slotSize)..<(slot &* Self.slotSize &+ entry.text))
        }
        let new = Entry(fileAddress: fileAddress, functionAddress: functionAddress, line: line)
        return add(new, slot: slot, file: file, function: function)
    }

    /// The same for texts that may be anything, and are compared.
    @inline(__always)
    func text(file: ByteView, function: ByteView, line: UInt) -> ByteView {
        let slot = Int(truncatingIfNeeded: (line &+ UInt(function.count) << 3) & UInt(Self.slots - 1))
        let entry = entries[slot]
        let start = slot &* Self.slotSize
        if entry.line == line, entry.file == file.count, entry.function == function.count {
            let fileStart = start &+ entry.text
            let functionStart = fileStart &+ entry.file
            if bytes.view(functionStart..<(functionStart &+ entry.function)) == function,
                bytes.view(fileStart..<functionStart) == file
            {
                return bytes.view(start..<fileStart)
            }
        }
        return add(Entry(line: line), slot: slot, file: file, function: function)
    }

    private func add(_ entry: Entry, slot: Int, file: ByteView, function: ByteView) -> ByteView {
        let text = ByteArena(capacity: 256)
        text.append(",\"module\":")
        text.appendJSONString(Self.module(of: file))
        text.append(",\"function\":")
        text.appendJSONString(function)
        text.append(",\"line\":")
        text.append(integer: UInt64(entry.line))
        let length = text.count
        text.append(file)
        text.append(function)
        guard text.count <= Self.slotSize - 8 else { return .empty }
        let start = slot * Self.slotSize
        bytes.replace(start..<(start + text.count), with: text.view)
        var entry = entry
        entry.text = length
        entry.file = file.count
        entry.function = function.count
        entries[slot] = entry
        return bytes.view(start..<(start + length))
    }

    /// `Service` of `Service/Model.swift`.
    static func module(of file: ByteView) -> ByteView {
        file.firstIndex(of: UInt8(ascii: "/")).map { file[0..<$0] } ?? file
    }
}
