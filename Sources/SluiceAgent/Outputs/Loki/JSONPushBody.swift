// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A push request as JSON.
///
/// Source: Loki's HTTP API, "Ingest logs".
struct JSONPushBody: PushBody {
    static let contentType = "application/json"
    static let labels = StreamTable.Form.json

    private var hasStreams = false
    private var hasEntries = false

    mutating func beginRequest(_ body: ByteArena) {
        body.append("{\"streams\":[")
        hasStreams = false
    }

    mutating func beginStream(_ labels: ByteView, _ body: ByteArena) {
        body.append(hasStreams ? ",{\"stream\":" : "{\"stream\":")
        body.append(labels)
        body.append(",\"values\":[")
        hasStreams = true
        hasEntries = false
    }

    mutating func appendEntry(
        _ time: Int64,
        _ line: ByteView,
        isTrusted: Bool,
        metadata: ByteView,
        _ body: ByteArena
    ) {
        body.append(hasEntries ? ",[\"" : "[\"")
        hasEntries = true
        body.append(decimal: time)
        body.append("\",\"")
        body.appendJSONStringContent(line, isTrusted: isTrusted)
        if metadata.isEmpty {
            body.append("\"]")
        } else {
            body.append("\",{")
            body.append(metadata)
            body.append("}]")
        }
    }

    func appendMetadata(_ name: String, _ value: ByteView, _ metadata: ByteArena) {
        metadata.append(metadata.isEmpty ? "\"" : ",\"")
        metadata.append(name)
        metadata.append("\":")
        metadata.appendJSONString(value)
    }

    mutating func endStream(_ body: ByteArena) { body.append("]}") }

    mutating func endRequest(_ body: ByteArena) { body.append("]}") }
}
