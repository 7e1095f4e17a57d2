// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Why the server of one connection was refused, from the verification to whoever reports it.
final class TLSVerdict: Sendable {
    private let state = Mutex<String?>(nil)

    var refusal: String? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
