// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Pushes in Protocol Buffers, as most agents send them.
///
/// Source: `pkg/push/push.proto` of Loki: `PushRequest` has streams (1), of which each has labels as text (1) and entries
/// (2), of which each has a timestamp (1) of seconds (1) and nanoseconds (2), a line (2) and structured metadata (3), each
/// of a name (1) and a value (2).
extension LokiPushDecoder {
    /// - Parameters:
    ///   - body: the message, no longer compressed.
    ///   - now: nanoseconds since 1970.
    package func decode(protobuf body: ByteView, tenant: String, now: Int64) throws(LokiPushError) -> LokiPush {
        begin(now: now)
        let push = LokiPush(tenant: tenant, text: ByteArena(capacity: body.count + 64))
        do {
            var count = 0
            var reader = ProtobufReader(body, 0..<body.count)
            while let (field, value) = try reader.next() {
                guard field == 1, case .bytes(let range) = value else { continue }
                try stream(body, range, push)
                count += 1
            }
            guard count > 0 else {
                throw LokiPushError(status: 422, message: "error at least one valid stream is required for ingestion")
            }
        } catch let error as LokiPushError {
            throw error
        } catch ProtobufReader.Malformed.truncated(let place) {
            throw LokiPushError(
                status: 400,
                message: "couldn't parse push request: what begins at byte \(place) goes on beyond its end"
            )
        } catch ProtobufReader.Malformed.invalid(let place) {
            throw LokiPushError(status: 400, message: "couldn't parse push request: byte \(place) begins no field")
        } catch {
            throw LokiPushError(status: 400, message: "couldn't parse push request: \(error)")
        }
        return push
    }

    private func stream(_ body: ByteView, _ range: Range<Int>, _ push: LokiPush) throws {
        var labels = 0..<0
        var entries = 0
        var reader = ProtobufReader(body, range)
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            if field == 1 { labels = range }
            if field == 2 { entries += 1 }
        }
        // Loki passes over a stream without entries before it looks at its labels.
        guard entries > 0 else { return }
        let object = ByteArena(capacity: labels.count + 16)
        guard LabelText.json(body[labels], to: object) else {
            throw LokiPushError(status: 400, message: "couldn't parse labels: '\(body[labels].string)'")
        }
        let found = try resolve(object.view)
        let start = push.entries.count
        reader = ProtobufReader(body, range)
        while let (field, value) = try reader.next() {
            guard field == 2, case .bytes(let range) = value else { continue }
            try entry(body, range, push, found)
        }
        close(found, from: start, push)
    }

    private func entry(_ body: ByteView, _ range: Range<Int>, _ push: LokiPush, _ labels: Labels) throws {
        var nanoseconds: Int64 = 0
        let text = push.text
        var line = 0..<0
        let details = ByteArena(capacity: 64)
        var reader = ProtobufReader(body, range)
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            switch field {
            case 1: nanoseconds = try time(body, range)
            case 2: line = range
            case 3: try member(body, range, details)
            default: break
            }
        }
        let start = text.count
        text.append(body[line])
        if !details.isEmpty {
            details.append(UInt8(ascii: "}"))
            _ = metadata.read(details.view)
        }
        add(nanoseconds, start..<text.count, hasMetadata: !details.isEmpty, labels, push)
    }

    private func time(_ body: ByteView, _ range: Range<Int>) throws -> Int64 {
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        var reader = ProtobufReader(body, range)
        while let (field, value) = try reader.next() {
            guard case .number(let number) = value else { continue }
            if field == 1 { seconds = Int64(bitPattern: number) }
            if field == 2 { nanoseconds = Int64(Int32(truncatingIfNeeded: number)) }
        }
        let (product, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooFar) = product.addingReportingOverflow(nanoseconds)
        guard !isTooLong, !isTooFar else {
            throw LokiPushError(
                status: 400,
                message: "couldn't parse push request: an entry's timestamp has \(seconds) seconds"
            )
        }
        return sum
    }

    /// Adds a member to a JSON object.
    private func member(_ body: ByteView, _ range: Range<Int>, _ object: ByteArena) throws {
        var name = 0..<0
        var text = 0..<0
        var reader = ProtobufReader(body, range)
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            if field == 1 { name = range }
            if field == 2 { text = range }
        }
        object.append(object.isEmpty ? "{" : ",")
        object.appendJSONString(body[name])
        object.append(UInt8(ascii: ":"))
        object.appendJSONString(body[text])
    }
}
