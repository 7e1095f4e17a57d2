// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient

/// How requests to one address go: with which client, and what they name there.
struct HTTPRoute: Sendable {
    let client: HTTPClient
    /// What the client connects to and, behind it, the path before each target. Always `http`: TLS is put on the
    /// connection itself.
    let base: String
    /// The value of `Host`.
    let host: String
    /// For messages.
    let proxy: ProxyAddress?
}
