// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Sends one request and returns what came back. What is behind it, tests can replace.
package protocol Transport: Sendable {
    /// - Throws: `TransportError` if there is no complete answer.
    func send(_ request: OutputRequest, options: OutputOptions, address: String) async throws -> TransportResponse

    /// Where the tasks that send are to run; nil: anywhere.
    var executor: (any TaskExecutor)? { get }

    /// Nothing more is sent of this batch. Comes once for each batch, also for those of which nothing was sent.
    func settled(batch: UInt64)

    /// Lets go of connections and files. Nothing is sent afterwards.
    func shutdown() async
}

extension Transport {
    package var executor: (any TaskExecutor)? { nil }

    package func settled(batch: UInt64) {}

    package func shutdown() async {}
}

/// A complete answer.
package struct TransportResponse: Sendable {
    package var status: Int
    package var retryAfter: Int?
    package var body: ByteBuffer

    package init(status: Int, retryAfter: Int?, body: ByteBuffer) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}

/// Why there is no complete answer, in words.
package struct TransportError: Error, CustomStringConvertible {
    package var description: String
    /// It is as it was configured that it cannot work: certificates, names, the kind of address.
    package var isConfiguration: Bool
    /// The time for it ran out.
    package var isLate: Bool

    package init(_ description: String, isConfiguration: Bool = false, isLate: Bool = false) {
        self.description = description
        self.isConfiguration = isConfiguration
        self.isLate = isLate
    }
}
