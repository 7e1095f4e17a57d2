// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import SluiceBytes

/// One request, with its whole body.
struct HTTPCall: Sendable {
    var method: String
    /// The path's segments, percent-decoded.
    var path: [String]
    var query: QueryParameters
    var headers: HTTPFields
    /// As it came over the wire, still compressed if it was.
    var body: ByteArena
    /// Which of its events a fault refuses.
    var faultyItems: FaultItems?

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}
