// SPDX-License-Identifier: Apache-2.0

import NIOSSL

/// An authority, two good certificates of a server's and one that has expired, made with the command `openssl`.
struct ServerCertificates: Sendable {
    /// The file of the authority's own certificate.
    let authority: String
    let good: [NIOSSLContext]
    let expired: NIOSSLContext

    private static let command = "/usr/bin/openssl"

    /// - Parameter folder: a new one is made in it.
    init(folder root: String) throws {
        let folder = root + "/certificates"
        let log = root + "/openssl.log"
        try ChildProcess(["/usr/bin/env", "mkdir", folder], output: .file(log)).expectSuccess()
        func openssl(_ arguments: [String]) throws {
            try ChildProcess([Self.command] + arguments, output: .file(log)).expectSuccess()
        }
        func makeKey(_ name: String) throws {
            let path = "\(folder)/\(name).key"
            try openssl(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path])
        }
        let authority = folder + "/authority.pem"
        try makeKey("authority")
        try openssl([
            "req", "-x509", "-new", "-key", folder + "/authority.key", "-days", "30", "-subj", "/CN=torture",
            "-out", authority,
        ])
        try TextFile.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n", folder + "/names")
        func issue(_ name: String, number: Int, days: Int) throws -> NIOSSLContext {
            let base = "\(folder)/\(name)"
            try makeKey(name)
            try openssl(["req", "-new", "-key", base + ".key", "-subj", "/CN=\(name)", "-out", base + ".csr"])
            try openssl([
                "x509", "-req", "-in", base + ".csr", "-CA", authority, "-CAkey", folder + "/authority.key",
                "-set_serial", String(number), "-days", String(days), "-extfile", folder + "/names",
                "-out", base + ".pem",
            ])
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(base + ".pem").map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: base + ".key", format: .pem))
            )
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        }
        self.authority = authority
        good = [try issue("first", number: 1, days: 20), try issue("second", number: 2, days: 20)]
        expired = try issue("expired", number: 3, days: -1)
    }
}

extension ChildProcess {
    fileprivate func expectSuccess() throws(Failure) {
        guard wait(milliseconds: 30_000) == 0 else { throw Failure("a command that makes certificates failed") }
    }
}
