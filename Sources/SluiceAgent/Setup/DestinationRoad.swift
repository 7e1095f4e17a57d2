// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOCore
import SluiceBytes

/// The way to destinations for everything but events: that of the events, with the same TLS, proxy, headers and secrets.
package struct DestinationRoad: Sendable {
    package let transport: any Transport
    package let logger: Logger
    /// Nanoseconds that an answer may take at most, however patient the output is.
    package let timeout: Int64

    package init(transport: any Transport, logger: Logger, timeout: Int64 = .max) {
        self.transport = transport
        self.logger = logger
        self.timeout = timeout
    }

    /// The options of an output, with the patience that there is.
    package func bounded(_ options: OutputOptions) -> OutputOptions {
        var options = options
        options.timeout = min(options.timeout, timeout)
        return options
    }

    /// Leads a conversation to its end.
    ///
    /// - Throws: only `CancellationError`.
    package func lead(
        _ conversation: some Conversation,
        at address: String,
        _ options: OutputOptions
    ) async throws -> Finding {
        let options = bounded(options)
        var conversation = conversation
        var step = conversation.begin()
        while case .ask(let request) = step {
            do {
                step = conversation.receive(try await ask(request, at: address, options))
            } catch let error as TransportError {
                if Task.isCancelled { throw CancellationError() }
                return Self.finding(error, at: address)
            }
        }
        guard case .end(let finding) = step else { return .unavailable("") }
        return finding
    }

    private func ask(
        _ request: DestinationRequest,
        at address: String,
        _ options: OutputOptions
    ) async throws -> DestinationAnswer {
        var message = OutputRequest(
            target: request.target,
            contentType: request.body == nil ? "" : "application/json",
            body: ByteBuffer(string: request.body ?? ""),
            isCompressed: false,
            plainBytes: request.body?.utf8.count ?? 0,
            events: []
        )
        message.method = request.method
        let response = try await transport.send(message, options: options, address: address)
        return DestinationAnswer(response.status, String(buffer: response.body))
    }

    /// No answer came.
    static func finding(_ error: TransportError, at address: String) -> Finding {
        // Who reads it has the address in front.
        var words = error.description
        if words.hasPrefix(address + " ") { words = String(words.dropFirst(address.count + 1)) }
        if error.isConfiguration { return .misconfigured(words) }
        return .unavailable(words + advice(words))
    }

    /// What to do where nobody could be reached.
    static func advice(_ words: String) -> String {
        if words.hasSuffix("has no address") { return ": correct it, or ask who looks after names (DNS)" }
        let isUnreachable = ["cannot connect", "Connection refused", "connecting took", "unreachable", "No route"]
            .contains {
                words.contains($0)
            }
        return isUnreachable ? ": check that it runs, and that this machine may reach it" : ""
    }
}
