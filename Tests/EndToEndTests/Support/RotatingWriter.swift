// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import TestSupport

/// A service that logs from a thread of its own: in bursts, sometimes half a line at a time, sometimes the same line
/// twice, and rotates its file by renaming. It deletes nothing, and keeps account of what it wrote.
final class RotatingWriter: Sendable {
    enum Style: Sendable {
        /// Objects with their own times; half of these have whole seconds only.
        case json
        /// Text without a time.
        case plain
    }

    private struct State {
        var written: [String: Int] = [:]
        var lines = 0
        var file = 0
        var rotatesUpTo: Int?
        var isStopping = false
        var isFinished = false
        var failure: String?
    }

    /// Lines are numbered; that many share a word (`bucket0012`), by which they can be asked for.
    static let linesInBucket = 1000

    private let path: String
    private let style: Style
    private let state = Mutex(State())

    /// - Parameter waits: that a file is only rotated after ``permitRotation(of:)`` has named it.
    init(path: String, style: Style, waits: Bool) {
        self.path = path
        self.style = style
        if waits { state.withLock { $0.rotatesUpTo = -1 } }
    }

    /// The messages, and how often each was written.
    var written: [String: Int] { state.withLock { $0.written } }
    var buckets: Int { state.withLock { $0.lines / Self.linesInBucket + 1 } }
    /// The number of the newest file.
    var newestFile: Int { state.withLock { $0.file } }

    static func word(ofFile number: Int) -> String { "file" + padded(number, 4) }
    static func word(ofBucket number: Int) -> String { "bucket" + padded(number, 4) }

    func permitRotation(of file: Int) {
        state.withLock { $0.rotatesUpTo = max(file, $0.rotatesUpTo ?? 0) }
    }

    func start(seed: UInt64) {
        Thread.detachNewThread { [self] in
            do {
                try write(SplitMix64(seed: seed))
            } catch {
                state.withLock { $0.failure = "\(error)" }
            }
            state.withLock { $0.isFinished = true }
        }
    }

    /// Waits until the last line is complete.
    func stop() async throws {
        state.withLock { $0.isStopping = true }
        try await Poll.until("the writer stops") { state.withLock { $0.isFinished } }
        if let failure = state.withLock({ $0.failure }) { throw Command.Failure(description: failure) }
    }

    private func write(_ seeded: SplitMix64) throws {
        var random = seeded
        var file = try open()
        defer { _ = close(file) }
        var linesOfFile = 0
        var rotation = Int.random(in: 50...1500, using: &random)
        while !state.withLock({ $0.isStopping }) {
            for _ in 0..<Int.random(in: 1...100, using: &random) {
                let copies = Int.random(in: 0..<20, using: &random) == 0 ? 2 : 1
                let line = nextLine(copies: copies, &random)
                for _ in 0..<copies { try append(line, to: file, &random) }
                linesOfFile += copies
            }
            let (newest, limit) = state.withLock { ($0.file, $0.rotatesUpTo) }
            if linesOfFile >= rotation, newest <= limit ?? newest {
                try rename()
                // Who has the file open goes on with it for a moment.
                if Int.random(in: 0..<3, using: &random) == 0 {
                    for _ in 0..<3 { try append(nextLine(copies: 1, &random), to: file, &random) }
                }
                close(file)
                usleep(UInt32.random(in: 0...3000, using: &random))
                state.withLock { $0.file += 1 }
                file = try open()
                linesOfFile = 0
                rotation = Int.random(in: 50...1500, using: &random)
            }
            usleep(UInt32.random(in: 0...20_000, using: &random))
        }
    }

    private func nextLine(copies: Int, _ random: inout SplitMix64) -> String {
        let filler = String(repeating: "é\\\"x ", count: Int.random(in: 0...12, using: &random))
        let (number, message) = state.withLock { state in
            let number = state.lines
            state.lines += 1
            let words = [
                Self.word(ofBucket: number / Self.linesInBucket), "line \(Self.padded(number, 7))",
                Self.word(ofFile: state.file), filler + "end",
            ]
            let message = words.joined(separator: " ")
            state.written[message, default: 0] += copies
            return (number, message)
        }
        switch style {
        case .plain: return message
        case .json:
            let text = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            let time = Self.time(wholeSeconds: number % 2 == 0)
            return #"{"timestamp":"\#(time)","level":"INFO","number":\#(number),"message":"\#(text)"}"#
        }
    }

    private func append(_ line: String, to file: Int32, _ random: inout SplitMix64) throws {
        let bytes = Array((line + "\n").utf8)
        var cut = bytes.count
        if Int.random(in: 0..<25, using: &random) == 0 { cut = Int.random(in: 1...bytes.count, using: &random) }
        for part in [bytes[..<cut], bytes[cut...]] where !part.isEmpty {
            let count = unsafe part.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            guard count == part.count else { throw Command.Failure(description: "\(path) cannot be written") }
            if cut < bytes.count { usleep(UInt32.random(in: 0...4000, using: &random)) }
        }
    }

    private func open() throws -> Int32 {
        let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Command.Failure(description: "\(path) cannot be opened") }
        return file
    }

    /// Moves each file one number up.
    private func rename() throws {
        for number in stride(from: newestFile, through: 0, by: -1) {
            let name = number == 0 ? path : "\(path).\(number)"
            guard unsafe Glibc.rename(name, "\(path).\(number + 1)") == 0 else {
                throw Command.Failure(description: "\(name) cannot be renamed")
            }
        }
    }

    private static func time(wholeSeconds: Bool) -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        var parts = unsafe tm()
        unsafe gmtime_r(&now.tv_sec, &parts)
        let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
        let fraction = wholeSeconds ? "" : "." + padded(now.tv_nsec / 1000, 6)
        return "\(year)-\(padded(Int(month), 2))-\(padded(Int(day), 2))T\(clock)\(fraction)Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
