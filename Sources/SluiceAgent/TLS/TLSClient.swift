// SPDX-License-Identifier: Apache-2.0

package import Logging
package import NIOCore
import NIOSSL

/// Puts TLS on connections to servers, as `ssl.*` of an output says.
package final class TLSClient: Sendable {
    private let options: TLSOptions
    private let material: TLSMaterial

    package init(_ options: TLSOptions, logger: Logger) {
        self.options = options
        material = TLSMaterial(options, logger: logger)
        if options.verificationMode == .none {
            logger.warning(
                "ssl.verification_mode is none: whoever answers gets the events and the credentials; use it for tests alone"
            )
        }
    }

    /// Puts TLS at the front of a connected channel's pipeline and waits for the handshake.
    ///
    /// Nothing may be written before the result is there. A channel that fails is closed. To be called on the channel's
    /// event loop.
    ///
    /// - Parameters:
    ///   - host: the name or address that the certificate has to be for, without brackets.
    ///   - patience: how long the handshake may take.
    /// - Returns: fails with a `TransportError` that says what is wrong and what to do.
    package func secure(
        _ channel: any Channel,
        host: String,
        patience: TimeAmount = .seconds(10)
    ) -> EventLoopFuture<Void> {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        do {
            let verdict = TLSVerdict()
            let handler = try makeHandler(host: host, verdict: verdict)
            let handshake = TLSHandshakeHandler(
                options: options,
                verdict: verdict,
                promise: promise,
                patience: patience
            )
            let pipeline = channel.pipeline.syncOperations
            // NIOSSL begins as soon as it is added, so that whoever listens to it has to be there.
            try pipeline.addHandler(handshake, position: .first)
            try pipeline.addHandler(handler, position: .first)
        } catch {
            promise.fail(error)
        }
        promise.futureResult.whenFailure { _ in channel.close(promise: nil) }
        return promise.futureResult
    }

    private func makeHandler(host: String, verdict: TLSVerdict) throws -> NIOSSLClientHandler {
        let current = try material.current()
        // An address is no server name (RFC 6066).
        let serverName = OutputAddress.isLiteral(host) ? nil : host
        if options.verificationMode == .none {
            return try NIOSSLClientHandler(context: current.context, serverHostname: serverName)
        }
        let verifier = TLSVerifier(options: options, host: host, authorities: current.authorities)
        return try NIOSSLClientHandler(
            context: current.context,
            serverHostname: serverName,
            customVerificationCallback: { presented, promise in
                promise.completeWithTask {
                    guard let refusal = await verifier.refusal(presented) else { return .certificateVerified }
                    verdict.refusal = refusal
                    return .failed
                }
            }
        )
    }
}
