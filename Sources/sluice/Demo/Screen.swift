// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration
import Synchronization

/// The demo's output: lines, and on a terminal one last line that is written again and again.
///
/// Escape codes are used on a terminal only, and none with `NO_COLOR` or a terminal that knows none; the line that
/// changes needs nothing but a carriage return.
final class Screen: Sendable {
    /// Nobody reads the output any more.
    struct Gone: Error {}

    let isInteractive: Bool
    private let hasColors: Bool
    private let state = Mutex(State())

    private struct State {
        /// Characters of the line that changes, as long as it stands there.
        var changing = 0
        var isGone = false
    }

    init() {
        let environment = ProcessEnvironment.variables
        isInteractive = Terminal.isInteractive
        hasColors =
            isInteractive && (environment["NO_COLOR"] ?? "").isEmpty && (environment["TERM"] ?? "dumb") != "dumb"
    }

    /// Nobody reads the output any more.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Columns; what is not a terminal is taken as wide.
    var width: Int {
        var size = winsize()
        guard isInteractive, unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }

    func print(_ text: String = "") {
        state.withLock { state in
            write((state.changing > 0 ? "\n" : "") + text + "\n", &state)
            state.changing = 0
        }
    }

    /// Leaves the line that changes as it is.
    func finishChange() {
        state.withLock { state in
            if state.changing > 0 { write("\n", &state) }
            state.changing = 0
        }
    }

    func heading(_ text: String) { print(hasColors ? "\u{1B}[1m\(text)\u{1B}[0m" : text) }

    func good(_ text: String) { print(hasColors ? "\u{1B}[32m\(text)\u{1B}[0m" : text) }

    func bad(_ text: String) { print(hasColors ? "\u{1B}[31m\(text)\u{1B}[0m" : text) }

    /// A line in the place of the one before, if that was one of these, too. Elsewhere than on a terminal, a line.
    func change(_ text: String) {
        guard isInteractive else { return print(text) }
        // The last column is left alone: some terminals go to the next line there.
        let text = String(text.prefix(max(1, width - 1)))
        state.withLock { state in
            let rest = String(repeating: " ", count: max(0, min(state.changing, width - 1) - text.count))
            write("\r" + text + rest, &state)
            state.changing = text.count
        }
    }

    private func write(_ text: String, _ state: inout State) {
        if !Terminal.write(text, to: 1) { state.isGone = true }
    }
}
