// SPDX-License-Identifier: Apache-2.0

import Crypto
import Logging
import NIOSSL
import Synchronization
import X509

/// What a connection needs from files: read again when a file has changed, kept when the new one cannot be used.
final class TLSMaterial: Sendable {
    struct Current: Sendable {
        let context: NIOSSLContext
        /// Nil: the system's.
        let authorities: [Certificate]?
    }

    private struct State {
        var current: Current?
        var stamps: [FileStamp] = []
        var looked: ContinuousClock.Instant?
    }

    private let options: TLSOptions
    private let logger: Logger
    private let state = Mutex(State())

    init(_ options: TLSOptions, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// What is to be used now. Files are looked at once a second at most.
    ///
    /// - Throws: `TransportError` if there is nothing that could be used.
    func current() throws -> Current {
        try state.withLock { state in
            let now = ContinuousClock.now
            if let current = state.current, let looked = state.looked, now - looked < .seconds(1) { return current }
            state.looked = now
            let stamps = options.paths.map { FileStamp($0) }
            if let current = state.current, stamps == state.stamps { return current }
            let isFirst = state.current == nil
            do {
                let loaded = try Self.load(options)
                state.current = loaded
                state.stamps = stamps
                if !isFirst { logger.info("certificates or keys have changed: the new ones are used from now on") }
                return loaded
            } catch {
                guard let current = state.current else {
                    throw (error as? TransportError).map { TransportError($0.description, isConfiguration: true) }
                        ?? error
                }
                // The same file is complained about once.
                state.stamps = stamps
                logger.warning(
                    "certificates or keys have changed and cannot be used: the old ones are kept until they can",
                    metadata: ["reason": "\(error)"]
                )
                return current
            }
        }
    }

    private static func load(_ options: TLSOptions) throws -> Current {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = options.versions.first == .tls13 ? .tlsv13 : .tlsv12
        configuration.maximumTLSVersion = options.versions.last == .tls12 ? .tlsv12 : .tlsv13
        configuration.applicationProtocols = []
        configuration.renegotiationSupport = .none
        // Names are verified with the chain: BoringSSL would take the proxy's address for the server's.
        configuration.certificateVerification = options.verificationMode == .none ? .none : .noHostnameVerification
        // The chain is verified by `TLSVerifier`, so that the system's authorities are not loaded twice.
        configuration.trustRoots = .certificates([])
        if !options.cipherSuites.isEmpty { configuration.cipherSuites = options.cipherSuites.joined(separator: ":") }
        if !options.curves.isEmpty { configuration.curves = options.curves.map(\.value) }
        if let certificate = options.certificate, let key = options.key {
            let chain = try certificates(certificate, "ssl.certificate")
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(try privateKey(key, passphrase: options.keyPassphrase))
        }
        var authorities: [Certificate]?
        if !options.certificateAuthorities.isEmpty {
            var all: [Certificate] = []
            for source in options.certificateAuthorities {
                for certificate in try certificates(source, "ssl.certificate_authorities") {
                    all.append(try Certificate(derEncoded: certificate.toDERBytes()))
                }
            }
            authorities = all
        }
        do {
            return Current(context: try NIOSSLContext(configuration: configuration), authorities: authorities)
        } catch {
            throw TransportError(
                options.certificate == nil
                    ? "TLS cannot be set up (\(TLSFailure.name(error) ?? "\(error)")): check ssl.cipher_suites"
                    : "ssl.certificate and ssl.key do not go together: write the key that the certificate was made for"
            )
        }
    }

    private static func certificates(_ source: PEMSource, _ option: String) throws -> [NIOSSLCertificate] {
        let bytes = try TLSFile.read(source)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw TransportError("\(source.inWords) of \(option) holds no certificate in PEM")
        }
        return certificates
    }

    private static func privateKey(_ source: PEMSource, passphrase: String?) throws -> NIOSSLPrivateKey {
        let bytes = try TLSFile.read(source)
        let text = String(decoding: bytes, as: UTF8.self)
        let isEncrypted = text.contains("ENCRYPTED")
        if isEncrypted, passphrase == nil {
            throw TransportError("\(source.inWords) of ssl.key is encrypted: give ssl.key_passphrase")
        }
        do {
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem) { setter in setter((passphrase ?? "").utf8) }
        } catch {
            throw TransportError(
                isEncrypted
                    ? "\(source.inWords) of ssl.key does not open with ssl.key_passphrase"
                    : "\(source.inWords) of ssl.key holds no private key in PEM"
            )
        }
    }
}

extension TLSOptions {
    /// The files that it names.
    fileprivate var paths: [String] {
        (certificateAuthorities + [certificate, key].compactMap(\.self)).compactMap(\.path)
    }
}
