// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes

/// A place in a file where reading can go on, with what it takes to know the file again.
package struct LinePlace: Sendable {
    package var offset: Int64
    package var size: Int64
    package var device: UInt64
    package var inode: UInt64
    package var head: FileFingerprint
    package var anchor: FileFingerprint?

    /// Which way to go from an offset within a line.
    package enum Direction: Sendable {
        /// What is before the next line is skipped.
        case forwards
        /// The line is read again.
        case backwards
    }

    /// - Parameters:
    ///   - offset: nil for the beginning of what comes next: behind the last line end.
    ///   - descriptor: of the file.
    /// - Throws: in words, why there is no such place.
    package init(_ offset: Int64?, in descriptor: Int32, direction: Direction) throws(LinePlaceError) {
        guard let status = FileStatus(descriptor: descriptor), let head = FileFingerprint.head(descriptor) else {
            throw LinePlaceError(unsafe String(cString: strerror(errno)))
        }
        guard status.isRegular else { throw LinePlaceError("it is not a regular file") }
        if let offset, offset < 0 || offset > status.size {
            throw LinePlaceError("the file has \(status.size) bytes, and none at \(offset)")
        }
        size = status.size
        device = status.device
        inode = status.inode
        self.head = head
        var place = offset ?? status.size
        if !Self.isLineBegin(place, descriptor) {
            switch direction {
            case .forwards where offset != nil:
                guard let next = Self.next(from: place, descriptor) else {
                    throw LinePlaceError("no line begins after byte \(place): say END for what comes next")
                }
                place = next
            case .forwards, .backwards: place = Self.last(before: place, descriptor)
            }
        }
        self.offset = place
        let length = min(place, Int64(FileFingerprint.length))
        anchor =
            place == 0 ? nil : FileFingerprint.read(descriptor, offset: place - length, length: Int(length))
    }

    /// Opens a file and looks for the place in it.
    package init(_ offset: Int64?, path: String, direction: Direction) throws(LinePlaceError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw LinePlaceError(unsafe String(cString: strerror(errno))) }
        defer { close(descriptor) }
        try self.init(offset, in: descriptor, direction: direction)
    }

    /// A line end stands before the offset: `\n`, also as UTF-16 has it.
    private static func isLineBegin(_ offset: Int64, _ descriptor: Int32) -> Bool {
        guard offset > 0 else { return true }
        let bytes = read(max(0, offset - 2)..<offset, descriptor)
        return bytes.last == 0x0a || (bytes == [0x0a, 0] && offset % 2 == 0)
    }

    private static let piece: Int64 = 64 << 10

    private static func next(from offset: Int64, _ descriptor: Int32) -> Int64? {
        var start = offset
        while true {
            let bytes = read(start..<(start + piece), descriptor)
            if bytes.isEmpty { return nil }
            if let newline = bytes.firstIndex(of: 0x0a) { return start + Int64(newline) + 1 }
            start += Int64(bytes.count)
        }
    }

    private static func last(before offset: Int64, _ descriptor: Int32) -> Int64 {
        var end = offset
        while end > 0 {
            let start = max(0, end - piece)
            let bytes = read(start..<end, descriptor)
            if let newline = bytes.lastIndex(of: 0x0a) { return start + Int64(newline) + 1 }
            end = start
        }
        return 0
    }

    private static func read(_ range: Range<Int64>, _ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(range.lowerBound))
        }
        return Array(bytes.prefix(max(0, count)))
    }
}

/// Why there is no place to go on, in words.
package struct LinePlaceError: Error, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
