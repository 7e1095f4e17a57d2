// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads the answers of the bulk API.
///
/// Source: "Bulk API" in Elasticsearch's reference. An answer that does not have one item for each document is no yes,
/// whatever its status: other servers answer 200 with an empty body to what they could not read.
enum BulkResponse {
    static func judge(_ response: OutputResponse, events: Int) -> Verdict {
        switch response.status {
        case 200..<300: break
        case 400: return .smaller(status: 400, reason: "HTTP 400: \(response.excerpt)")
        case 413: return .smaller(status: 413, reason: "HTTP 413: the request is too large for the server")
        case 401, 403, 404, 405:
            return .hold(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        case 408, 425, 429, 500...:
            return .again(reason: "HTTP \(response.status): \(response.excerpt)", after: response.retryAfter)
        default: return .hold(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        }
        if isPlainYes(response.body, events: events) { return .delivered }
        let root = JSONIndex()
        guard (try? JSONScanner.scan(response.body, into: root)) != nil, root.kind == .object else {
            return .again(reason: "the answer to a bulk request is not JSON: '\(response.excerpt)'", after: nil)
        }
        var hasErrors: Bool?
        var items: ByteView?
        for number in 0..<root.children.count {
            let child = root.children[number]
            let key = response.body[child.key]
            if key == ByteView("errors") {
                hasErrors = child.kind == .true ? true : child.kind == .false ? false : nil
            } else if key == ByteView("items"), child.kind == .array {
                items = response.body[child.value]
            }
        }
        guard hasErrors != nil, let items else {
            return .again(reason: "the answer to a bulk request has no 'errors' and 'items'", after: nil)
        }
        let list = JSONIndex()
        guard (try? JSONScanner.scan(items, into: list)) != nil, list.children.count == events else {
            return .again(
                reason: "\(list.children.count) items came back for \(events) documents; is this an Elasticsearch?",
                after: nil
            )
        }
        var verdicts: [EventVerdict] = []
        verdicts.reserveCapacity(events)
        var reason = ""
        let scratch = JSONIndex()
        for number in 0..<list.children.count {
            verdicts.append(judge(items[list.children[number].value], scratch: scratch, reason: &reason))
        }
        return verdicts.allSatisfy { $0 == .delivered } ? .delivered : .each(verdicts, reason: reason)
    }

    /// Whether the answer is to the letter what a server says that created every document. Most answers are, and
    /// comparing is cheaper than reading; any other is read.
    private static func isPlainYes(_ body: ByteView, events: Int) -> Bool {
        let head = ByteView("{\"errors\":false,\"items\":[")
        let item = ByteView("{\"create\":{\"status\":201}}")
        let tail = ByteView("]}")
        let size = head.count + events * (item.count + 1) - 1 + tail.count
        guard events > 0, body.count == size, body.hasPrefix(head) else { return false }
        var position = head.count
        for number in 0..<events {
            guard body[position..<(position + item.count)] == item else { return false }
            position += item.count
            if number < events - 1 {
                guard body[position] == UInt8(ascii: ",") else { return false }
                position += 1
            }
        }
        return body[position..<body.count] == tail
    }

    /// `{"create":{"status":201}}`
    ///
    /// - Parameter reason: why the answer is no yes to all; what needs a person is said rather than what does not.
    private static func judge(_ item: ByteView, scratch: JSONIndex, reason: inout String) -> EventVerdict {
        guard (try? JSONScanner.scan(item, into: scratch)) != nil, scratch.children.count == 1,
            scratch.children[0].kind == .object
        else { return unreadable(&reason) }
        let result = item[scratch.children[0].value]
        guard (try? JSONScanner.scan(result, into: scratch)) != nil else { return unreadable(&reason) }
        var status: Int64?
        var error: ByteView?
        var isRedirected = false
        for number in 0..<scratch.children.count {
            let child = scratch.children[number]
            if result[child.key] == ByteView("status") { status = NumberText.integer(result[child.value]) }
            if result[child.key] == ByteView("error") { error = result[child.value] }
            if result[child.key] == ByteView("failure_store") {
                isRedirected = result[child.value] == ByteView("\"used\"")
            }
        }
        guard let status else { return unreadable(&reason) }
        switch status {
        case 200..<300: return isRedirected ? .redirected : .delivered
        case 409: return .duplicate
        case 408, 429, 500...:
            if reason.isEmpty { reason = "an item was answered with \(status): \(error.map { excerpt($0) } ?? "")" }
            return .retry
        case 401, 403, 404:
            // The index is missing or closed to us: a person must mend that, and the event is fine.
            reason = "an item was answered with \(status): \(error.map { excerpt($0) } ?? "")"
            return .held(status: Int(status))
        default:
            return .refused(status: Int(status), reason: error.map { excerpt($0) } ?? "status \(status)")
        }
    }

    private static func unreadable(_ reason: inout String) -> EventVerdict {
        if reason.isEmpty { reason = "an item of the answer to a bulk request cannot be read" }
        return .retry
    }

    private static func excerpt(_ error: ByteView) -> String { error[0..<min(error.count, 500)].string }
}
