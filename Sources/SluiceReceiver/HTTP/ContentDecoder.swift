// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

/// Takes the content coding off request bodies, reusing zlib's state. One for each decoding thread.
final class ContentDecoder {
    enum Failure: Error {
        case unsupported(String)
        case damaged(String)
        case tooLarge(limit: Int)
    }

    private var gzip: GzipDecompressor?
    private var deflate: GzipDecompressor?

    /// The body without its coding: `body` itself if it has none.
    ///
    /// - Parameters:
    ///   - coding: the value of `Content-Encoding`, or nil.
    ///   - limit: the most bytes it may hold.
    func decode(_ body: ByteArena, coding: String?, limit: Int) throws -> ByteArena {
        let decompressor: GzipDecompressor
        switch coding?.lowercased() {
        case nil, "", "identity":
            guard body.count <= limit else { throw Failure.tooLarge(limit: limit) }
            return body
        case "gzip":
            decompressor = try gzip ?? GzipDecompressor()
            gzip = decompressor
        case "deflate":
            // Without zlib's header, as Loki takes it.
            decompressor = try deflate ?? GzipDecompressor(windowBits: -15)
            deflate = decompressor
        case .some(let other): throw Failure.unsupported(other)
        }
        let output = ByteArena(capacity: min(limit, max(4096, body.count * 6)))
        do {
            try decompressor.decompress(body.view, to: output, limit: limit)
        } catch {
            // Whatever state it is in now, a fresh one is safer.
            gzip = nil
            deflate = nil
            switch error {
            case .tooLarge(let limit): throw Failure.tooLarge(limit: limit)
            default: throw Failure.damaged(error.description)
            }
        }
        guard body.count > 0 else { throw Failure.damaged("the body is empty") }
        return output
    }
}
