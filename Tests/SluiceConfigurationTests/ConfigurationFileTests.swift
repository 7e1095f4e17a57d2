// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration
import SluiceEvents
import Testing

@Suite struct ConfigurationFileTests {
    private func load(_ path: String) -> (node: ConfigurationNode?, problems: [String]) {
        let problems = ConfigurationProblems()
        let node = ConfigurationLoader.load(path: path, environment: [:], problems: problems)
        return (node, problems.sorted.map(\.description))
    }

    /// Runs `body` with the path of a file that holds `bytes`.
    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/sluice-configuration-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unsafe unlink(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            try #require(written > 0)
            rest = rest.dropFirst(written)
        }
        close(descriptor)
        try body(path)
    }

    @Test func readsAFile() throws {
        try withFile(Array("inputs: []\n".utf8)) { path in
            let (node, problems) = load(path)
            #expect(problems == [])
            #expect(node?["inputs"]?.elements?.isEmpty == true)
            #expect(node?["inputs"]?.position.description == "\(path):1:9")
        }
    }

    @Test func filesThatCannotBeReadAreNamed() {
        #expect(load("/nonexistent/p.yml").problems == ["/nonexistent/p.yml: there is no such file: check the path"])
        #expect(load("/tmp").problems == ["/tmp: this is a directory: name a file in it"])
        #expect(load("").problems == [": this is no path: name a configuration file"])
        #expect(load("/tmp\u{0}/x").problems == ["/tmp\u{0}/x: this is no path: name a configuration file"])
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser reads everything"))
    func filesWithoutPermissionAreNamed() throws {
        try withFile(Array("a: 1".utf8)) { path in
            unsafe chmod(path, 0)
            #expect(
                load(path).problems == [
                    "\(path): permission denied: make it readable for the user that runs Sluice"
                ]
            )
        }
    }

    @Test func hugeFilesAreRefused() throws {
        try withFile(Array(repeating: UInt8(ascii: "#"), count: ConfigurationLoader.maximumFileSize)) { path in
            #expect(load(path).problems == ["\(path): the file is empty: write a pipeline with 'inputs' and 'outputs'"])
        }
        try withFile(Array(repeating: UInt8(ascii: "#"), count: ConfigurationLoader.maximumFileSize + 1)) { path in
            #expect(load(path).problems == ["\(path): larger than 16 MiB: name a configuration file, not a log"])
        }
    }

    @Test(arguments: [
        (Array("a: 1\nb: ".utf8) + [0xE4], ":2:4: this is not UTF-8 (0xe4): save the file as UTF-8"),
        (Array("ä: ".utf8) + [0xC3, 0x28], ":1:4: this is not UTF-8 (0xc3): save the file as UTF-8"),
        ([0xFF, 0xFE, 0x61, 0x00], ": this is UTF-16: save the file as UTF-8"),
        ([0x1F, 0x8B, 0x08, 0x00], ": this is compressed with gzip: decompress it first"),
        (
            [0x7F, 0x45, 0x4C, 0x46],
            ":1:1: a configuration holds no control character such as 0x7f: remove it, or write it"
                + " as an escape in double quotes"
        ),
    ])
    func whatIsNoTextIsRefused(_ bytes: [UInt8], _ expected: String) throws {
        try withFile(bytes) { path in
            #expect(load(path).problems == [path + expected])
        }
    }

    @Test func knowsTheVariablesOfThisProcess() throws {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) }
        #expect(ProcessEnvironment.variables["PATH"] == path)
    }
}
