// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Sends nothing.
struct DiscardTransport: Transport {
    func send(_ request: OutputRequest, options: OutputOptions, address: String) -> TransportResponse {
        TransportResponse(status: 200, retryAfter: nil, body: ByteBuffer())
    }
}
