// SPDX-License-Identifier: Apache-2.0

import CZlib
import SluiceBytes

/// What gzip alone costs: the measure that the agent is held against.
enum ZlibCommand {
    static func run(_ options: Options) throws(ToolError) {
        let level = try options.number("level") ?? 1
        let compressor = try PlainZlib(level: Int32(clamping: level))
        let text = ByteArena(capacity: 1 << 20)
        var texts = 0
        if let path = options.text("bodies") {
            let file = try RawFile(reading: path)
            let prefix = ByteArena(capacity: 8)
            while true {
                prefix.removeAll()
                guard try file.read(8, into: prefix) == 8 else { break }
                let count = Int(prefix.view.word(at: 0))
                text.removeAll()
                guard try file.read(count, into: text) == count else { throw ToolError("\(path) ends too early") }
                compressor.compress(text.view)
                texts += 1
            }
        } else {
            let file = try RawFile(reading: try options.required("input"))
            let block = try options.number("block") ?? 1 << 20
            while true {
                text.removeAll()
                guard try file.read(block, into: text) > 0 else { break }
                compressor.compress(text.view)
                texts += 1
            }
        }
        print(
            "{\"level\":\(level),\"texts\":\(texts),\"bytes\":\(compressor.bytesIn),"
                + "\"compressed\":\(compressor.bytesOut),\"cpu_seconds\":\(compressor.seconds)}"
        )
    }
}

/// zlib as its manual has it, one gzip member a text, the state reused. It counts the time in zlib only.
@safe
private final class PlainZlib {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output = ByteArena(capacity: 1 << 20)
    private(set) var bytesIn = 0
    private(set) var bytesOut = 0
    private(set) var seconds = 0.0

    init(level: Int32) throws(ToolError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard
            unsafe deflateInit2_(stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw ToolError("zlib refuses level \(level)", code: 64) }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    func compress(_ text: ByteView) {
        output.removeAll()
        let bound = unsafe Int(deflateBound(stream, UInt(text.count)))
        unsafe output.append(room: bound) { room in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: text.base)
            unsafe stream.pointee.avail_in = UInt32(text.count)
            unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            unsafe stream.pointee.avail_out = UInt32(room.count)
            let before = ProcessClock.threadCPU()
            _ = unsafe deflate(stream, Z_FINISH)
            _ = unsafe deflateReset(stream)
            seconds += ProcessClock.threadCPU() - before
            return unsafe room.count - Int(stream.pointee.avail_out)
        }
        bytesIn += text.count
        bytesOut += output.count
    }
}
