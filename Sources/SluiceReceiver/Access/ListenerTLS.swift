// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOCore
import NIOSSL
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// TLS of the receiver's ports. Certificate and key are read again, once a second at most, when a connection comes; what
/// cannot be used leaves the old ones in place.
package final class ListenerTLS: Sendable {
    private struct State {
        var pair: Pair
        var looked = ContinuousClock.now
    }

    private struct Pair: Equatable {
        var certificate: [UInt8]
        var key: [UInt8]
    }

    private let certificatePath: String
    private let keyPath: String
    private let logger: Logger
    private let state: Mutex<State>
    private let base: TLSConfiguration

    /// - Parameter clientAuthority: the path of the authorities one of which has to have signed each client's
    ///   certificate; nil if clients need none.
    /// - Throws: `ReceiverError` if the files cannot be used.
    package init(certificate: String, key: String, clientAuthority: String?, logger: Logger) throws {
        certificatePath = certificate
        keyPath = key
        self.logger = logger
        let pair = Pair(certificate: try Self.read(certificate), key: try Self.read(key))
        var (configuration, _) = try Self.configuration(pair, certificate: certificate, key: key)
        if let clientAuthority {
            guard let authorities = try? NIOSSLCertificate.fromPEMBytes(Self.read(clientAuthority)),
                !authorities.isEmpty
            else { throw ReceiverError.tls("'\(clientAuthority)' holds no certificate in PEM") }
            configuration.trustRoots = .certificates(authorities)
            configuration.certificateVerification = .noHostnameVerification
            configuration.sendCANameList = true
        }
        base = configuration
        state = Mutex(State(pair: pair))
    }

    /// What a listener uses: each handshake asks for the pair of that time.
    var configuration: TLSConfiguration {
        var configuration = base
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(override()) }
        return configuration
    }

    private func override() -> NIOSSLContextConfigurationOverride {
        state.withLock { state in
            let now = ContinuousClock.now
            if now - state.looked >= .seconds(1) {
                state.looked = now
                renew(&state.pair)
            }
            var override = NIOSSLContextConfigurationOverride()
            if let (_, read) = try? Self.configuration(state.pair, certificate: certificatePath, key: keyPath) {
                override.certificateChain = read.chain.map { .certificate($0) }
                override.privateKey = .privateKey(read.key)
            }
            return override
        }
    }

    private func renew(_ pair: inout Pair) {
        do {
            let new = Pair(certificate: try Self.read(certificatePath), key: try Self.read(keyPath))
            guard new != pair else { return }
            _ = try Self.configuration(new, certificate: certificatePath, key: keyPath)
            pair = new
            logger.info("certificate and key have changed: the new ones are used from now on")
        } catch {
            logger.warning(
                "certificate and key cannot be read again: the old ones are kept",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    private static func configuration(
        _ pair: Pair,
        certificate: String,
        key: String
    ) throws -> (TLSConfiguration, (chain: [NIOSSLCertificate], key: NIOSSLPrivateKey)) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(pair.certificate), !chain.isEmpty else {
            throw ReceiverError.tls("'\(certificate)' holds no certificate in PEM")
        }
        guard let secret = try? NIOSSLPrivateKey(bytes: pair.key, format: .pem) else {
            throw ReceiverError.tls("'\(key)' holds no private key in PEM without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(secret)
        )
        configuration.minimumTLSVersion = .tlsv12
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw ReceiverError.tls("the key in '\(key)' is not that of the certificate in '\(certificate)'")
        }
        return (configuration, (chain, secret))
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = Self.contents(path) else {
            throw ReceiverError.tls("'\(path)' cannot be read: \(unsafe String(cString: strerror(errno)))")
        }
        return bytes
    }

    private static func contents(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < 4 << 20 {
            var failed = false
            let part = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let received = unsafe receive(descriptor, buffer)
                failed = received < 0
                count = max(0, received)
            }
            if failed { return nil }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    private static func receive(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
        unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
