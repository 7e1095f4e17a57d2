// SPDX-License-Identifier: Apache-2.0

/// What an agent counts, as it says at `/metrics`.
struct AgentMetrics {
    private let lines: [Substring]

    /// - Returns: nil if it does not answer within half a second.
    init?(port: Int) {
        guard let socket = Socket.connected(to: port),
            socket.send(Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)[...]),
            socket.waits(milliseconds: 500)
        else { return nil }
        var rest: [UInt8] = []
        guard let answer = HTTPMessage.read(from: socket, rest: &rest, isResponse: true) else { return nil }
        lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
    }

    /// The sum over all series of a metric that have a label.
    func sum(_ name: String, _ label: String = "") -> Int? {
        let values = lines.filter { $0.hasPrefix(name + "{") && $0.contains(label) }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        return values.isEmpty ? nil : values.reduce(0, +)
    }
}
