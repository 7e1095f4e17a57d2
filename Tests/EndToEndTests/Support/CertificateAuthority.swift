// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Certificates for tests, made with the command `openssl` in a folder.
struct CertificateAuthority {
    static let command = "/usr/bin/openssl"
    static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: command) }

    let folder: String
    let name: String

    /// The path of its certificate.
    var certificate: String { "\(folder)/\(name).pem" }

    init(folder: String, name: String = "authority") async throws {
        self.folder = folder
        self.name = name
        try await Self.makeKey("\(folder)/\(name).key")
        try await Self.openssl(
            "req",
            "-x509",
            "-new",
            "-key",
            "\(folder)/\(name).key",
            "-days",
            "30",
            "-subj",
            "/CN=\(name)",
            "-out",
            certificate
        )
    }

    /// Makes `NAME.pem` and `NAME.key`.
    ///
    /// - Parameters:
    ///   - names: `subjectAltName`.
    ///   - days: negative for one that has expired.
    ///   - extensions: in place of the names.
    ///   - start: when it begins to be valid, such as `21000101000000Z`.
    func issue(
        _ name: String,
        for names: String = "DNS:localhost,IP:127.0.0.1",
        days: Int = 20,
        extensions: String? = nil,
        from start: String? = nil
    ) async throws {
        let base = "\(folder)/\(name)"
        try await Self.makeKey(base + ".key")
        try await Self.openssl("req", "-new", "-key", base + ".key", "-subj", "/CN=\(name)", "-out", base + ".csr")
        try TextFile.write((extensions ?? "subjectAltName=\(names)") + "\n", base + ".ext")
        guard let start else {
            try await Self.openssl(
                "x509",
                "-req",
                "-in",
                base + ".csr",
                "-CA",
                certificate,
                "-CAkey",
                "\(folder)/\(self.name).key",
                "-set_serial",
                "\(Int.random(in: 1...Int.max))",
                "-days",
                "\(days)",
                "-extfile",
                base + ".ext",
                "-out",
                base + ".pem"
            )
            return
        }
        // Only `openssl ca` takes a beginning, and it wants a folder of its own.
        let office = base + ".office"
        try FileManager.default.createDirectory(atPath: office, withIntermediateDirectories: false)
        try TextFile.write("", office + "/index")
        try TextFile.write("01\n", office + "/serial")
        try TextFile.write(
            """
            [ca]
            default_ca = office
            [office]
            database = \(office)/index
            serial = \(office)/serial
            new_certs_dir = \(office)
            default_md = sha256
            policy = any
            [any]
            commonName = supplied

            """,
            office + "/configuration"
        )
        try await Self.openssl(
            "ca",
            "-batch",
            "-notext",
            "-config",
            office + "/configuration",
            "-cert",
            certificate,
            "-keyfile",
            "\(folder)/\(self.name).key",
            "-in",
            base + ".csr",
            "-startdate",
            start,
            "-enddate",
            "21100101000000Z",
            "-extfile",
            base + ".ext",
            "-out",
            base + ".pem"
        )
    }

    /// Makes `NAME.pem` and `NAME.key`, signed by nobody else.
    static func selfSigned(_ name: String, folder: String) async throws {
        let base = "\(folder)/\(name)"
        try await makeKey(base + ".key")
        try await openssl(
            "req",
            "-x509",
            "-new",
            "-key",
            base + ".key",
            "-days",
            "30",
            "-subj",
            "/CN=\(name)",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-out",
            base + ".pem"
        )
    }

    /// Base64 of SHA-256 over a certificate's public key.
    static func pin(_ certificate: String) async throws -> String {
        let base = certificate + ".pin"
        try await TextFile.write(try openssl("x509", "-in", certificate, "-pubkey", "-noout"), base)
        try await openssl("pkey", "-pubin", "-in", base, "-outform", "der", "-out", base + ".der")
        try await openssl("dgst", "-sha256", "-binary", "-out", base + ".hash", base + ".der")
        return try Data(contentsOf: URL(fileURLWithPath: base + ".hash")).base64EncodedString()
    }

    static func fingerprint(_ certificate: String) async throws -> String {
        let line = try await openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
        return line.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    /// Encrypts a key.
    static func encrypt(_ key: String, passphrase: String, to path: String) async throws {
        try await openssl("pkey", "-in", key, "-aes256", "-passout", "pass:\(passphrase)", "-out", path)
    }

    private static func makeKey(_ path: String) async throws {
        try await openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    }

    @discardableResult
    private static func openssl(_ arguments: String...) async throws -> String {
        let result = try await Command.run([command] + arguments)
        guard result.status == 0 else {
            throw Command.Failure(description: "openssl \(arguments.joined(separator: " ")): \(result.errors)")
        }
        return result.output
    }
}
