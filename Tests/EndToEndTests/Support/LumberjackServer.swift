// SPDX-License-Identifier: Apache-2.0

import Foundation
import SluiceBytes
import SluiceCompression
import Synchronization

/// A Logstash that answers windows as a test wants it to, from threads of its own. Strict: what is not the protocol ends
/// the connection and is remembered.
final class LumberjackServer: Sendable {
    enum Step: Sendable {
        /// Acknowledges the events up to this one; 0 says that it is alive.
        case acknowledge(Int)
        /// Writes this as it is.
        case raw([UInt8])
        /// Takes the next window before it goes on, which has to come without an answer to this one.
        case readAhead
        case pause(Duration)
        /// Waits until the other side gives up.
        case hang
        case close
    }

    struct Window: Sendable {
        /// Windows and connections are counted from 0.
        let number: Int
        let connection: Int
        let isCompressed: Bool
        let events: [String]
    }

    private struct Violation: Error { let text: String }

    private struct State {
        var connections: [Socket] = []
        var accepted = 0
        var windows: [Window] = []
        var taken: [String] = []
        var violations: [String] = []
        var isStopped = false
    }

    let port: Int
    private let listener: Socket
    private let script: @Sendable (Window) -> [Step]
    private let state = Mutex(State())
    private let listeningEnded = DispatchSemaphore(value: 0)

    /// - Parameter script: what is done about each window; all of it is acknowledged unless told otherwise.
    init(
        port: Int = 0,
        script: @escaping @Sendable (Window) -> [Step] = { [.acknowledge($0.events.count)] }
    ) throws {
        let listener = try Socket.listening(port: port)
        self.listener = listener
        self.port = listener.port
        self.script = script
        let ended = listeningEnded
        Thread.detachNewThread { [weak self] in
            while let connection = listener.accepted(), let self, let number = self.keep(connection) {
                Thread.detachNewThread { [weak self] in self?.serve(connection, number) }
            }
            listener.close()
            ended.signal()
        }
    }

    deinit { stop() }

    /// All windows, in the order of their coming.
    var windows: [Window] { state.withLock { $0.windows } }
    /// The events that were acknowledged, in that order.
    var taken: [String] { state.withLock { $0.taken } }
    /// What was not the protocol.
    var violations: [String] { state.withLock { $0.violations } }
    /// How many connections there were.
    var accepted: Int { state.withLock { $0.accepted } }

    /// The messages of the events that were acknowledged.
    var messages: [String] {
        taken.map { event in
            let object = try? JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any]
            return object?["message"] as? String ?? event
        }
    }

    /// Ends all connections and takes no more.
    func stop() {
        let connections: [Socket]? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.isStopped = true
            defer { state.connections = [] }
            return state.connections
        }
        guard let connections else { return }
        listener.shut()
        listeningEnded.wait()
        connections.forEach { $0.shut() }
    }

    private func keep(_ connection: Socket) -> Int? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            state.connections.append(connection)
            state.accepted += 1
            return state.accepted - 1
        }
    }

    private func serve(_ connection: Socket, _ number: Int) {
        defer {
            connection.shut()
            connection.close()
            state.withLock { state in state.connections.removeAll { $0 === connection } }
        }
        var reader = Reader(connection: connection)
        var ahead: [Window] = []
        do {
            while true {
                let window = ahead.isEmpty ? try read(&reader, number) : ahead.removeFirst()
                guard let window else { return }
                var acknowledged = 0
                for step in script(window) {
                    switch step {
                    case .acknowledge(let sequence):
                        if sequence > acknowledged, sequence <= window.events.count {
                            // Before it is said, so that whoever heard it finds it here.
                            state.withLock { $0.taken += window.events[acknowledged..<sequence] }
                            acknowledged = sequence
                        }
                        try connection.send(Self.acknowledgement(sequence))
                    case .raw(let bytes): try connection.send(bytes)
                    case .readAhead:
                        guard let next = try read(&reader, number) else { return }
                        ahead.append(next)
                    case .pause(let duration):
                        Thread.sleep(forTimeInterval: Double(duration.components.attoseconds) / 1e18)
                    case .hang:
                        while let bytes = try? connection.receive(), !bytes.isEmpty {}
                        return
                    case .close: return
                    }
                }
            }
        } catch let violation as Violation {
            state.withLock { $0.violations.append(violation.text) }
        } catch {}
    }

    static func acknowledgement(_ sequence: Int) -> [UInt8] {
        Array("2A".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (24 - 8 * $0)) }
    }

    private func read(_ reader: inout Reader, _ connection: Int) throws -> Window? {
        guard let head = try reader.take(2) else { return nil }
        guard head == Array("2W".utf8) else { throw Violation(text: "a window began with \(head)") }
        let count = try reader.number()
        var events: [String] = []
        var isCompressed = false
        while events.count < count {
            switch try reader.bytes(2) {
            case Array("2J".utf8): events.append(try event(&reader, events.count + 1))
            case Array("2C".utf8):
                isCompressed = true
                let text = ByteArena()
                let data = try reader.bytes(try reader.number())
                try data.withByteView { data throws(GzipError) in
                    try GzipDecompressor(windowBits: 15).decompress(data, to: text, limit: 1 << 28)
                }
                var inner = Reader(connection: nil, rest: text.view.array)
                while let head = try inner.take(2) {
                    guard head == Array("2J".utf8) else { throw Violation(text: "\(head) in a compressed frame") }
                    events.append(try event(&inner, events.count + 1))
                }
            case let head: throw Violation(text: "a frame began with \(head)")
            }
        }
        guard events.count == count else { throw Violation(text: "\(events.count) events in a window of \(count)") }
        return state.withLock { state in
            let window = Window(
                number: state.windows.count,
                connection: connection,
                isCompressed: isCompressed,
                events: events
            )
            state.windows.append(window)
            return window
        }
    }

    private func event(_ reader: inout Reader, _ expected: Int) throws -> String {
        let sequence = try reader.number()
        guard sequence == expected else { throw Violation(text: "event \(sequence) where \(expected) belongs") }
        return String(decoding: try reader.bytes(try reader.number()), as: UTF8.self)
    }

    /// Bytes of a connection, or of what came over one.
    private struct Reader {
        let connection: Socket?
        var rest: [UInt8] = []
        var position = 0

        /// Nil at the end.
        mutating func take(_ count: Int) throws -> [UInt8]? {
            while rest.count - position < count {
                let more = try connection?.receive() ?? []
                if more.isEmpty {
                    if rest.count == position { return nil }
                    throw Violation(text: "it ended within a frame")
                }
                rest = Array(rest[position...]) + more
                position = 0
            }
            defer { position += count }
            return Array(rest[position..<(position + count)])
        }

        mutating func bytes(_ count: Int) throws -> [UInt8] {
            guard let bytes = try take(count) else { throw Violation(text: "it ended within a window") }
            return bytes
        }

        mutating func number() throws -> Int { try bytes(4).reduce(0) { $0 << 8 | Int($1) } }
    }
}
