// SPDX-License-Identifier: Apache-2.0

/// What is under way on one connection: windows that were written, and how far each is acknowledged. Decides, and does
/// no input or output.
///
/// Servers acknowledge windows in the order in which they came. An acknowledgement of all events of a window is the yes;
/// one of fewer is progress; one of 0 says that the server is alive.
package struct LumberjackExchange: Sendable {
    package enum Event: Equatable, Sendable {
        /// The server is alive, and has perhaps got on.
        case alive
        /// All of this window has been taken.
        case acknowledged(UInt64)
        /// What came is not the protocol, in words. The connection is of no use any more.
        case violation(String)
    }

    /// A window that has not been acknowledged to its end.
    package struct Cut: Equatable, Sendable {
        package var window: UInt64
        /// Events from its first on that have been.
        package var acknowledged: Int

        package init(window: UInt64, acknowledged: Int) {
            self.window = window
            self.acknowledged = acknowledged
        }
    }

    private struct Window {
        var number: UInt64
        var events: Int
        var acknowledged = 0
    }

    private var windows: [Window] = []
    private var reader = AcknowledgementReader()
    private var isViolated = false

    package init() {}

    /// Nothing is waited for.
    package var isIdle: Bool { windows.isEmpty }

    /// A window is written, behind those that are.
    package mutating func write(_ window: UInt64, events: Int) {
        windows.append(Window(number: window, events: events))
    }

    /// Takes what the server sent.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes where !isViolated {
            switch reader.read(byte) {
            case .unfinished: continue
            case .acknowledgement(let sequence): events.append(acknowledge(Int(sequence)))
            case .unknown(let frame): events.append(violate("it sent \(frame), which is no acknowledgement"))
            }
        }
        return events
    }

    /// The connection is at its end.
    ///
    /// - Returns: what is left, in the order in which it was written.
    package mutating func end() -> [Cut] {
        defer { windows = [] }
        return windows.map { Cut(window: $0.number, acknowledged: $0.acknowledged) }
    }

    private mutating func acknowledge(_ sequence: Int) -> Event {
        if sequence == 0 { return .alive }
        guard let window = windows.first else {
            return violate("it acknowledged event \(sequence), and no window is under way")
        }
        guard sequence <= window.events else {
            return violate("it acknowledged event \(sequence) of a window of \(window.events)")
        }
        // What has been acknowledged stays so.
        windows[0].acknowledged = max(window.acknowledged, sequence)
        guard sequence == window.events else { return .alive }
        windows.removeFirst()
        return .acknowledged(window.number)
    }

    private mutating func violate(_ reason: String) -> Event {
        isViolated = true
        return .violation(reason)
    }
}
