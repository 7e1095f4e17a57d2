// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A port that is listened at, or not: then connections are refused, and still nobody else gets it.
final class Gate: Sendable {
    private let place: Socket
    private let listener: Mutex<Socket?>

    var port: Int { place.port }

    init() throws(Failure) {
        let place = try Socket.bound()
        self.place = place
        listener = Mutex(try Socket.listening(port: place.port))
    }

    /// Refuses what comes from now on, and what has come and was not accepted.
    func close() {
        listener.withLock { $0 = nil }
        MachineClock.sleep(milliseconds: 10)
    }

    /// The next connection, waiting for it a tenth of a second. Opens the gate if it was closed.
    func accepted() -> Socket? {
        let socket = listener.withLock { listener in
            if listener == nil { listener = try? Socket.listening(port: place.port) }
            return listener
        }
        if socket == nil { MachineClock.sleep(milliseconds: 10) }
        return socket?.accepted()
    }
}
