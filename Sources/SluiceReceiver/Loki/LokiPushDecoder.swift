// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Reads `POST /loki/api/v1/push` bodies, and refuses what Loki's distributor refuses.
///
/// One for each decoding thread: it remembers label sets it has seen. Source for the format: Loki's HTTP API
/// reference; for limits and words: its `pkg/validation` and what a live server answered.
package final class LokiPushDecoder {
    enum Labels {
        case good(StreamLabels)
        case bad(String)
    }

    private let limits: LokiLimits
    private let scratch = ByteArena(capacity: 1024)
    let metadata = MetadataDecoder()
    /// By the bytes of the JSON object.
    private var known: [[UInt8]: Labels] = [:]
    private var now: Int64 = 0

    package init(limits: LokiLimits) { self.limits = limits }

    /// Begins a push.
    func begin(now: Int64) { self.now = now }

    /// - Parameters:
    ///   - body: the JSON text.
    ///   - now: nanoseconds since 1970.
    package func decode(_ body: ByteView, tenant: String, now: Int64) throws(LokiPushError) -> LokiPush {
        begin(now: now)
        let index = JSONIndex()
        do {
            try JSONScanner.scan(body, into: index)
        } catch {
            throw LokiPushError(status: 400, message: "couldn't parse push request: \(error)")
        }
        guard index.kind == .object else {
            throw LokiPushError(status: 400, message: "couldn't parse push request: the body is not a JSON object")
        }
        let push = LokiPush(tenant: tenant, text: ByteArena(capacity: body.count + 64))
        var count = 0
        // Of a key that is there twice the last counts, as in Go.
        let streams = index.children.last { body[$0.key] == ByteView("streams") }
        if let streams, streams.kind != .null {
            var walker = JSONWalker(body, at: streams.value.lowerBound)
            guard walker.enter("[") else { throw malformed("streams is not an array", walker) }
            while walker.nextElement() {
                if walker.peek() == UInt8(ascii: "n") {
                    walker.skip()
                    continue
                }
                try stream(&walker, body, push)
                count += 1
            }
        }
        guard count > 0 else {
            throw LokiPushError(status: 422, message: "error at least one valid stream is required for ingestion")
        }
        return push
    }

    private func malformed(_ what: String, _ walker: JSONWalker) -> LokiPushError {
        LokiPushError(status: 400, message: "couldn't parse push request: \(what) (byte \(walker.position))")
    }

    // MARK: Streams

    private func stream(_ walker: inout JSONWalker, _ body: ByteView, _ push: LokiPush) throws(LokiPushError) {
        guard walker.enter("{") else { throw malformed("a stream is not an object", walker) }
        var labels: Range<Int>?
        var values: Int?
        while let key = walker.nextKey() {
            if body[key.range] == ByteView("stream") {
                let kind = walker.peek()
                let at = walker
                let range = walker.skip()
                if kind == UInt8(ascii: "{") {
                    try checkStrings(body, range)
                    labels = range
                } else if kind != UInt8(ascii: "n") {
                    throw malformed("stream is not an object", at)
                }
            } else if body[key.range] == ByteView("values") {
                let kind = walker.peek()
                guard kind == UInt8(ascii: "[") || kind == UInt8(ascii: "n") else {
                    throw malformed("values is not an array", walker)
                }
                if kind == UInt8(ascii: "[") { values = walker.position }
                walker.skip()
            } else {
                walker.skip()
            }
        }
        // Loki passes over a stream without entries before it looks at its labels.
        guard let values else { return }
        var inner = JSONWalker(body, at: values)
        guard inner.enter("[") else { return }
        guard inner.nextElement() else { return }
        let found = try resolve(labels.map { body[$0] } ?? ByteView("{}"))
        let start = push.entries.count
        repeat {
            if inner.peek() == UInt8(ascii: "n") {
                inner.skip()
                continue
            }
            try entry(&inner, body, push, found)
        } while inner.nextElement()
        close(found, from: start, push)
    }

    /// Makes a stream of the entries from `start` on.
    func close(_ found: Labels, from start: Int, _ push: LokiPush) {
        switch found {
        case .good(let labels):
            if push.entries.count > start {
                push.streams.append(LokiPush.Stream(labels: labels, entries: start..<push.entries.count))
            }
        case .bad(let message):
            push.errors.append(message)
            push.refusedEntries += push.entries.count - start
            push.entries.removeLast(push.entries.count - start)
        }
    }

    private func checkStrings(_ body: ByteView, _ range: Range<Int>) throws(LokiPushError) {
        var walker = JSONWalker(body, at: range.lowerBound)
        guard walker.enter("{") else { return }
        while walker.nextKey() != nil {
            guard walker.string() != nil else { throw malformed("a label's value is not a string", walker) }
        }
    }

    func resolve(_ object: ByteView) throws(LokiPushError) -> Labels {
        let bytes = object.array
        if let labels = known[bytes] { return labels }
        let resolved = StreamLabelsReader(limits: limits).read(object)
        let labels: Labels =
            switch resolved {
            case .success(let labels): .good(labels)
            case .failure(let refusal):
                if refusal.isWhole {
                    throw LokiPushError(status: 400, message: refusal.message)
                } else {
                    .bad(refusal.message)
                }
            }
        if known.count > 10_000 { known.removeAll() }
        known[bytes] = labels
        return labels
    }

    // MARK: Entries

    private func entry(
        _ walker: inout JSONWalker,
        _ body: ByteView,
        _ push: LokiPush,
        _ labels: Labels
    ) throws(LokiPushError) {
        guard walker.enter("[") else { throw malformed("an entry is not an array", walker) }
        var nanoseconds: Int64 = 0
        let text = push.text
        var line = text.count..<text.count
        var details: Range<Int>?
        var position = 0
        while walker.nextElement() {
            switch position {
            case 0:
                guard let content = walker.string() else {
                    throw malformed("an entry's timestamp is not a string of nanoseconds", walker)
                }
                guard let value = NumberText.integer(body[content.range]) else {
                    throw malformed("an entry's timestamp \"\(body[content.range].string)\" is not an integer", walker)
                }
                nanoseconds = value
            case 1:
                guard let content = walker.string() else { throw malformed("an entry's line is not a string", walker) }
                line = text.append(content, of: body)
            case 2:
                if walker.peek() == UInt8(ascii: "n") {
                    walker.skip()
                } else {
                    guard walker.peek() == UInt8(ascii: "{") else {
                        throw malformed("an entry's structured metadata is not an object", walker)
                    }
                    let at = walker
                    let range = walker.skip()
                    guard metadata.read(body[range]) else {
                        throw malformed("an entry's structured metadata has a value that is not a string", at)
                    }
                    details = range
                }
            default: walker.skip()
            }
            position += 1
        }
        add(nanoseconds, line, hasMetadata: details != nil, labels, push)
    }

    /// Adds an entry whose line stands at the end of the push's text, and whose metadata, if any, was read last.
    func add(_ nanoseconds: Int64, _ line: Range<Int>, hasMetadata: Bool, _ labels: Labels, _ push: LokiPush) {
        let text = push.text
        guard case .good(let stream) = labels else {
            push.entries.append(
                LokiPush.Entry(
                    nanoseconds: 0,
                    lineStart: 0,
                    lineEnd: 0,
                    metadataStart: 0,
                    metadataEnd: 0,
                    hash: 0
                )
            )
            return
        }
        if let refusal = refusal(nanoseconds, lineBytes: line.count, hasMetadata: hasMetadata, stream) {
            push.errors.append(refusal)
            push.refusedEntries += 1
            text.truncate(to: line.lowerBound)
            return
        }
        if limits.addsDetectedLevel {
            if !hasMetadata { metadata.clear() }
            metadata.addDetectedLevel(stream.labels, line: text.view(line))
        }
        let start = text.count
        if hasMetadata || limits.addsDetectedLevel { metadata.write(to: text) }
        let seed = text.count > start ? XXHash64.hash(text.view(start..<text.count)) : 0
        push.entries.append(
            LokiPush.Entry(
                nanoseconds: nanoseconds,
                lineStart: UInt32(truncatingIfNeeded: line.lowerBound),
                lineEnd: UInt32(truncatingIfNeeded: line.upperBound),
                metadataStart: UInt32(truncatingIfNeeded: start),
                metadataEnd: UInt32(truncatingIfNeeded: text.count),
                hash: XXHash64.hash(text.view(line), seed: seed)
            )
        )
    }

    /// Why Loki's distributor would refuse the entry; nil if it would not.
    private func refusal(
        _ nanoseconds: Int64,
        lineBytes: Int,
        hasMetadata: Bool,
        _ stream: StreamLabels
    ) -> String? {
        func text(_ time: Int64) -> String {
            scratch.removeAll()
            Timestamp.write(time, fractionDigits: 0, to: scratch)
            return scratch.string
        }
        if let seconds = limits.maximumAgeSeconds {
            let oldest = now - seconds * 1_000_000_000
            if nanoseconds < oldest {
                return "entry for stream '\(stream.labels)' has timestamp too old: \(text(nanoseconds)), "
                    + "oldest acceptable timestamp is: \(text(oldest))"
            }
        }
        if nanoseconds > now + limits.creationGraceSeconds * 1_000_000_000 {
            return "entry for stream '\(stream.labels)' has timestamp too new: \(text(nanoseconds))"
        }
        if lineBytes > limits.maximumLineBytes {
            return "max entry size '\(limits.maximumLineBytes)' bytes exceeded for stream '\(stream.labels)' "
                + "while adding an entry with length '\(lineBytes)' bytes"
        }
        if hasMetadata {
            if metadata.byteCount > limits.maximumMetadataBytes {
                return "stream '\(stream.labels)' has structured metadata too large: '\(metadata.byteCount)' bytes, "
                    + "limit: '\(limits.maximumMetadataBytes)' bytes"
            }
            if metadata.count > limits.maximumMetadataEntries {
                return "stream '\(stream.labels)' has too many structured metadata labels: '\(metadata.count)', "
                    + "limit: '\(limits.maximumMetadataEntries)'"
            }
        }
        return nil
    }
}
