// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import Synchronization
import TestSupport

/// Stands between the agent and one side of the receiver, and is as bad as the weather says.
final class FaultyProxy: Sendable {
    private let gate: Gate
    private let upstreamPort: Int
    private let weatherNumber = Atomic<Int>(0)
    private let hitsOfTen: Int
    private let random: Mutex<SplitMix64>
    private let stop: StopFlag
    /// What it shows to those who connect; nil for plain text.
    private let securing: Mutex<NIOSSLContext?>
    /// How often that has changed.
    private let changes = Atomic<Int>(0)

    var port: Int { gate.port }

    var weather: Weather {
        get { Weather(rawValue: weatherNumber.load(ordering: .relaxed)) ?? .fair }
        set { weatherNumber.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// - Parameters:
    ///   - hitsOfTen: how many requests of ten bad weather is for; the others get through.
    ///   - securing: the server's side of TLS.
    init(
        upstreamPort: Int,
        seed: UInt64,
        stop: StopFlag,
        hitsOfTen: Int = 5,
        securing: NIOSSLContext? = nil
    ) throws(Failure) {
        gate = try Gate()
        self.upstreamPort = upstreamPort
        self.stop = stop
        self.hitsOfTen = hitsOfTen
        self.securing = Mutex(securing)
        random = Mutex(SplitMix64(seed: seed))
        _ = try BackgroundThread { self.accept() }
    }

    /// Shows another certificate from now on. As with a server that is started again, connections are made anew.
    func secure(with context: NIOSSLContext) {
        securing.withLock { $0 = context }
        changes.add(1, ordering: .relaxed)
    }

    private func accept() {
        while !stop.isSet {
            if weather == .closed {
                gate.close()
            } else if let connection = gate.accepted() {
                _ = try? BackgroundThread { self.serve(connection) }
            }
        }
    }

    private func below(_ limit: Int) -> Int { random.withLock { $0.below(limit) } }

    private func serve(_ socket: Socket) {
        if weather == .refuses { return socket.resetsOnClose() }
        let begun = changes.load(ordering: .relaxed)
        var client: any Connection = socket
        if let context = securing.withLock({ $0 }) {
            guard let secure = try? SecureConnection(socket, context) else { return }
            client = secure
        }
        var rest: [UInt8] = []
        var answerRest: [UInt8] = []
        var upstream: Socket?
        while !stop.isSet {
            if weather == .closed { return client.resetsOnClose() }
            if waitsWhileSwallowing() { continue }
            if rest.isEmpty, !client.waits(milliseconds: 100) {
                if changes.load(ordering: .relaxed) != begun { return }
                continue
            }
            guard let request = HTTPMessage.read(from: client, rest: &rest) else { return }
            // It came in the middle of it: what is answered at last may be more than anyone waits for.
            _ = waitsWhileSwallowing()
            let weather = below(10) < hitsOfTen ? weather : .fair
            switch weather {
            case .refuses, .closed: return client.resetsOnClose()
            case .answers429, .answers429RetryAfter, .answers500, .answers503:
                guard client.send(answer(weather)) else { return }
                continue
            case .dawdles: MachineClock.sleep(milliseconds: 200 + below(1300))
            default: break
            }
            if upstream == nil { upstream = Socket.connected(to: upstreamPort) }
            guard let server = upstream else { return client.resetsOnClose() }
            if weather == .resetsInBody {
                _ = server.send(request.bytes[..<(request.bytes.count - 1 - below(max(1, request.body.count)))])
                server.resetsOnClose()
                return client.resetsOnClose()
            }
            guard server.send(request.bytes[...]),
                let answer = HTTPMessage.read(from: server, rest: &answerRest, isResponse: true)
            else { return client.resetsOnClose() }
            switch weather {
            case .losesAnswers: return client.resetsOnClose()
            case .cutsAnswers:
                _ = client.send(answer.bytes[..<below(answer.bytes.count)])
                return
            default: guard client.send(answer.bytes[...]) else { return }
            }
        }
    }

    /// - Returns: whether there was anything to wait for.
    private func waitsWhileSwallowing() -> Bool {
        guard weather == .swallows else { return false }
        while weather == .swallows, !stop.isSet { MachineClock.sleep(milliseconds: 10) }
        return true
    }

    private func answer(_ weather: Weather) -> ArraySlice<UInt8> {
        let status =
            switch weather {
            case .answers429, .answers429RetryAfter: "429 Too Many Requests"
            case .answers500: "500 Internal Server Error"
            default: "503 Service Unavailable"
            }
        let later = weather == .answers429RetryAfter ? "Retry-After: 1\r\n" : ""
        let body = "not now\n"
        return Array("HTTP/1.1 \(status)\r\n\(later)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)[...]
    }
}
