// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport

/// Stands between the agent and one side of the receiver, and is as bad as the weather says. In bad weather every other
/// request, on average, gets through.
final class FaultyProxy: Sendable {
    private let listener: Socket
    private let upstreamPort: Int
    private let weatherNumber = Atomic<Int>(0)
    private let random: Mutex<SplitMix64>
    private let stop: StopFlag

    var port: Int { listener.port }

    var weather: Weather {
        get { Weather(rawValue: weatherNumber.load(ordering: .relaxed)) ?? .fair }
        set { weatherNumber.store(newValue.rawValue, ordering: .relaxed) }
    }

    init(upstreamPort: Int, seed: UInt64, stop: StopFlag) throws(Failure) {
        listener = try Socket.listening()
        self.upstreamPort = upstreamPort
        self.stop = stop
        random = Mutex(SplitMix64(seed: seed))
        _ = try BackgroundThread { self.accept() }
    }

    private func accept() {
        while !stop.isSet {
            guard let connection = listener.accepted() else { continue }
            _ = try? BackgroundThread { self.serve(connection) }
        }
    }

    private func below(_ limit: Int) -> Int { random.withLock { $0.below(limit) } }

    private func serve(_ client: Socket) {
        var rest: [UInt8] = []
        var answerRest: [UInt8] = []
        var upstream: Socket?
        if weather == .refuses { return client.resetsOnClose() }
        while !stop.isSet {
            if rest.isEmpty, !client.waits(milliseconds: 200) { continue }
            guard let request = HTTPMessage.read(from: client, rest: &rest) else { return }
            let weather = below(2) == 0 ? weather : .fair
            switch weather {
            case .refuses: return client.resetsOnClose()
            case .answers429, .answers500, .answers503:
                guard client.send(answer(weather)) else { return }
                continue
            case .dawdles: MachineClock.sleep(milliseconds: below(1500))
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

    private func answer(_ weather: Weather) -> ArraySlice<UInt8> {
        let status =
            switch weather {
            case .answers429: "429 Too Many Requests"
            case .answers500: "500 Internal Server Error"
            default: "503 Service Unavailable"
            }
        let later = weather == .answers429 && below(4) == 0 ? "Retry-After: 1\r\n" : ""
        let body = "not now\n"
        return Array("HTTP/1.1 \(status)\r\n\(later)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)[...]
    }
}
