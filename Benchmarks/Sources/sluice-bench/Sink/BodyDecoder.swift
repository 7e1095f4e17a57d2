// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

/// Undoes the compression of request bodies.
struct BodyDecoder {
    private static let limit = 1 << 30
    private let text = ByteArena(capacity: 1 << 20)
    private var gzip = try? GzipDecompressor()
    private let zstandard = Zstandard.shared
    /// The last body was protobuf, as Loki takes it beside JSON.
    private(set) var isProtobuf = false

    /// The text, good until the next body, or nil if it cannot be decompressed.
    mutating func decode(_ body: ByteView, request: HTTPRequest, isPush: Bool) -> ByteView? {
        text.removeAll()
        isProtobuf = isPush && request.contentType.contains("protobuf")
        switch request.encoding {
        case "", "identity":
            // Protobuf for Loki is compressed with snappy whether it says so or not.
            guard isProtobuf else { return body }
            return Snappy.decompress(body, to: text, limit: Self.limit) ? text.view : nil
        case "gzip":
            guard let gzip, (try? gzip.decompress(body, to: text, limit: Self.limit)) != nil else { return nil }
            return text.view
        case "snappy":
            return Snappy.decompress(body, to: text, limit: Self.limit) ? text.view : nil
        case "zstd":
            guard let zstandard, zstandard.decompress(body, to: text, limit: Self.limit) else { return nil }
            return text.view
        default:
            return nil
        }
    }
}
