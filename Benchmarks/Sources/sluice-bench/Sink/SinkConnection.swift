// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One client's connection, served by one thread until the client closes it.
///
/// Unchecked because one thread makes and uses it.
final class SinkConnection {
    private let descriptor: Int32
    private let totals: SinkTotals
    private let recorder: BodyRecorder?
    private let input = ByteArena(capacity: 256 << 10)
    /// How much of `input` has been dealt with.
    private var position = 0
    private let chunks = ByteArena(capacity: 4096)
    private let head = ByteArena(capacity: 512)
    private let answer = ByteArena(capacity: 64 << 10)
    private var decoder: BodyDecoder
    private var sequences: [Int] = []

    init(_ descriptor: Int32, totals: SinkTotals, recorder: BodyRecorder?) {
        self.descriptor = descriptor
        self.totals = totals
        self.recorder = recorder
        decoder = BodyDecoder()
    }

    deinit { _ = close(descriptor) }

    func serve() {
        while let request = readHead() {
            if request.expectsContinue, !send("HTTP/1.1 100 Continue\r\n\r\n") { return }
            let isWhole: Bool
            let body: ByteView
            if request.isChunked {
                isWhole = readChunks()
                body = chunks.view
            } else {
                isWhole = readAtLeast(request.length ?? 0)
                body = isWhole ? input.view(position..<(position + (request.length ?? 0))) : .empty
            }
            guard isWhole else { return }
            let status = handle(request, body)
            if !request.isChunked { position += request.length ?? 0 }
            guard send(status: status, isHead: request.method == "HEAD", closes: request.closes) else { return }
            if request.closes { return }
        }
    }

    // MARK: Reading

    private func fill() -> Bool {
        if position == input.count {
            input.removeAll()
            position = 0
        }
        var count = 0
        unsafe input.append(room: 256 << 10) { room in
            repeat { count = unsafe read(descriptor, room.baseAddress, room.count) } while count < 0 && errno == EINTR
            return max(0, count)
        }
        return count > 0
    }

    private func readAtLeast(_ count: Int) -> Bool {
        while input.count - position < count { if !fill() { return false } }
        return true
    }

    /// Where the next line ends, behind its newline; nil if the client has gone.
    private func readLine(from start: Int) -> Int? {
        var searched = start
        while true {
            if let found = input.view(searched..<input.count).firstIndex(of: 0x0a) { return searched + found + 1 }
            searched = input.count
            let before = position
            if !fill() { return nil }
            if position != before { searched = 0 }
        }
    }

    private func readHead() -> HTTPRequest? {
        if position > 0 { compact() }
        var end = 0
        while let next = readLine(from: end) {
            let line = input.view(end..<next)
            end = next
            if line.count <= 2, end > 2 {
                position = end
                return HTTPRequest(head: input.view(0..<end))
            }
        }
        return nil
    }

    /// Moves what has not been dealt with to the front.
    private func compact() {
        let rest = input.view(position..<input.count).array
        input.removeAll()
        input.append(rest)
        position = 0
        if input.capacity > 64 << 20 { shrink(rest) }
    }

    private func shrink(_ rest: [UInt8]) {
        input.shrink(to: max(256 << 10, rest.count))
        input.append(rest)
    }

    private func readChunks() -> Bool {
        chunks.removeAll()
        while true {
            let offset = position
            guard let end = readLine(from: offset) else { return false }
            var size = 0
            for index in position..<end {
                guard let digit = Hexadecimal.value(of: input.view[index]), size < 1 << 40 else { break }
                size = size << 4 | Int(digit)
            }
            position = end
            guard readAtLeast(size + 2) else { return false }
            if size == 0 {
                // No trailers are expected, so the empty line ends the body.
                position += 2
                return true
            }
            chunks.append(input.view(position..<(position + size)))
            position += size + 2
        }
    }

    // MARK: Answering

    /// Deals with a request, leaves the body of the answer in `answer`, and gives its status.
    private func handle(_ request: HTTPRequest, _ body: ByteView) -> Int {
        answer.removeAll()
        let isBulk = request.path.hasSuffix("/_bulk")
        let isPush = request.path.hasSuffix("/api/v1/push") || request.path.hasSuffix("/api/prom/push")
        guard request.method == "POST" || request.method == "PUT", !body.isEmpty,
            isBulk || isPush || !request.path.hasPrefix("/_")
        else {
            totals.addOther()
            if request.path == "/" { answer.append(Self.welcome) } else { answer.append("{}") }
            return 200
        }
        guard let text = decoder.decode(body, request: request, isPush: isPush) else {
            totals.addRefused()
            answer.append("the body could not be decoded")
            return 400
        }
        let kind: EventKind
        let events: Int
        let status: Int
        if isBulk {
            kind = .bulk
            var reply = BulkReply(query: request.query)
            events = reply.write(for: text, path: request.path, to: answer)
            status = 200
        } else if isPush {
            kind = .loki
            events = decoder.isProtobuf ? -1 : Self.countEntries(in: text)
            status = 204
        } else {
            kind = .lines
            events = countBytes(0x0a, in: text) + (text[text.count - 1] == 0x0a ? 0 : 1)
            answer.append("{}")
            status = 200
        }
        sequences.removeAll(keepingCapacity: true)
        SequenceSet.find(in: text, into: &sequences)
        totals.add(
            kind,
            bodyBytes: body.count,
            textBytes: text.count,
            // The entries of a protobuf push are known by their sequence numbers only.
            events: events < 0 ? sequences.count : events,
            sequences: sequences
        )
        recorder?.add(text)
        return status
    }

    /// The entries of a push in JSON: arrays that begin with a string. Inside of strings a quote has a backslash, so
    /// `["` stands nowhere else.
    private static func countEntries(in text: ByteView) -> Int {
        var count = 0
        var rest = text
        while let found = rest.firstIndex(of: UInt8(ascii: "[")) {
            var next = found + 1
            while next < rest.count, rest[next] == 0x20 || rest[next] == 0x0a { next += 1 }
            if next < rest.count, rest[next] == UInt8(ascii: "\"") { count += 1 }
            rest = rest[(found + 1)..<rest.count]
        }
        return count
    }

    private func send(status: Int, isHead: Bool, closes: Bool) -> Bool {
        head.removeAll()
        head.append("HTTP/1.1 ")
        head.append(decimal: status)
        head.append(status == 200 ? " OK" : status == 204 ? " No Content" : " Bad Request")
        if status != 204 {
            head.append("\r\nContent-Type: application/json\r\nContent-Length: ")
            head.append(decimal: answer.count)
        }
        head.append("\r\nX-Elastic-Product: Elasticsearch")
        if closes { head.append("\r\nConnection: close") }
        head.append("\r\n\r\n")
        if !isHead, status != 204 { head.append(answer.view) }
        return send(head.view)
    }

    private func send(_ text: StaticString) -> Bool { send(ByteView(text)) }

    private func send(_ bytes: ByteView) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe write(descriptor, rest.base, rest.count)
            if count > 0 {
                rest = rest[count..<rest.count]
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What `GET /` of Elasticsearch says.
    private static let welcome: StaticString = """
        {"name":"sink","cluster_name":"sink","cluster_uuid":"AAAAAAAAAAAAAAAAAAAAAA","version":{"number":"8.19.0",\
        "build_flavor":"default","build_type":"tar","build_hash":"0","build_date":"2025-07-23T22:10:18.138215839Z",\
        "build_snapshot":false,"lucene_version":"9.12.2","minimum_wire_compatibility_version":"7.17.0",\
        "minimum_index_compatibility_version":"7.0.0"},"tagline":"You Know, for Search"}
        """
}
