// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The channels that listen, to be closed together: when one of them cannot listen, the others shall not either.
final class ListenerGate: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Adds a channel; it is closed at once if the gate is.
    func add(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.channels.append(channel) }
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            let channels = state.channels
            state.channels = []
            return channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
