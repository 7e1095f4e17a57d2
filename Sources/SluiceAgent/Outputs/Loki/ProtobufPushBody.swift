// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A push request in Protocol Buffers, to be compressed with Snappy.
///
/// Source: `pkg/push/push.proto` of Loki. `PushRequest` has streams (1); a stream has labels as text (1) and entries (2);
/// an entry has a timestamp of seconds (1) and nanoseconds (2) as (1), a line (2) and structured metadata (3), each a
/// name (1) and a value (2).
struct ProtobufPushBody: PushBody {
    static let contentType = "application/x-protobuf"
    static let labels = StreamTable.Form.selector

    /// Bytes of a length that is known only in the end: a varint may be longer than it needs to be.
    private static let lengthBytes = 5
    private var streamStart = 0

    mutating func beginRequest(_ body: ByteArena) {}

    mutating func beginStream(_ labels: ByteView, _ body: ByteArena) {
        Self.append(tag: 1, body)
        for _ in 0..<Self.lengthBytes { body.append(0) }
        streamStart = body.count
        Self.append(1, labels, body)
    }

    mutating func appendEntry(
        _ time: Int64,
        _ line: ByteView,
        isTrusted: Bool,
        metadata: ByteView,
        _ body: ByteArena
    ) {
        guard isTrusted || UTF8Sequence.isValid(line) else {
            // Rare: what is no text is replaced when it is read.
            Array(line.string.utf8).withByteView { appendEntry(time, $0, isTrusted: true, metadata: metadata, body) }
            return
        }
        let seconds = Int(time / 1_000_000_000)
        let nanoseconds = Int(time % 1_000_000_000)
        let timeBytes = 2 + ByteArena.varintLength(seconds) + ByteArena.varintLength(nanoseconds)
        Self.append(tag: 2, body)
        body.append(varint: 2 + timeBytes + 1 + ByteArena.varintLength(line.count) + line.count + metadata.count)
        Self.append(tag: 1, body)
        body.append(varint: timeBytes)
        body.append(0x08)
        body.append(varint: seconds)
        body.append(0x10)
        body.append(varint: nanoseconds)
        Self.append(2, line, body)
        body.append(metadata)
    }

    func appendMetadata(_ name: String, _ value: ByteView, _ metadata: ByteArena) {
        guard UTF8Sequence.isValid(value) else {
            Array(value.string.utf8).withByteView { appendMetadata(name, $0, metadata) }
            return
        }
        let nameBytes = name.utf8.count
        Self.append(tag: 3, metadata)
        metadata.append(
            varint: 2 + ByteArena.varintLength(nameBytes) + nameBytes + ByteArena.varintLength(value.count)
                + value.count
        )
        Self.append(tag: 1, metadata)
        metadata.append(varint: nameBytes)
        metadata.append(name)
        Self.append(2, value, metadata)
    }

    mutating func endStream(_ body: ByteArena) {
        let length = body.count - streamStart
        for index in 0..<Self.lengthBytes {
            let isLast = index == Self.lengthBytes - 1
            let bits = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7f
            body.replace(at: streamStart - Self.lengthBytes + index, with: isLast ? bits : bits | 0x80)
        }
    }

    mutating func endRequest(_ body: ByteArena) {}

    /// Of a field with a length.
    private static func append(tag field: UInt8, _ body: ByteArena) { body.append(field << 3 | 2) }

    private static func append(_ field: UInt8, _ bytes: ByteView, _ body: ByteArena) {
        append(tag: field, body)
        body.append(varint: bytes.count)
        body.append(bytes)
    }
}
