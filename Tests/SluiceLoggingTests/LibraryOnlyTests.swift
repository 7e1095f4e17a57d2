// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whoever wants the library alone gets the library alone.
@Suite("Library only")
struct LibraryOnlyTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    @Test("A package that turns the traits off resolves swift-log and nothing else, and links no Foundation")
    func resolution() throws {
        let directory = try TemporaryDirectory()
        let fixture = "\(Self.root)/Tests/Fixtures/LibraryOnly"
        let package = directory.path + "/package"
        #expect(run("cp -r '\(fixture)' '\(package)'").code == 0)
        let manifest = try #require(TemporaryDirectory.read(package + "/Package.swift"))
        try #require(manifest.contains("\"SLUICE_PATH\""))
        let written = manifest.replacing("SLUICE_PATH", with: Self.root)
        try TemporaryDirectory.write(written, to: package + "/Package.swift")

        // What building this package has fetched already serves as the source, so that no network is needed.
        let repositories = Self.root + "/.build/repositories"
        if let name = TemporaryDirectory.names(in: repositories).first(where: { $0.hasPrefix("swift-log-") }) {
            let original = "https://github.com/apple/swift-log.git"
            // A package is called what the end of its address says.
            let mirror = directory.path + "/swift-log"
            try #require(unsafe symlink("\(repositories)/\(name)", mirror) == 0)
            _ = run(
                "cd '\(package)' && swift package config set-mirror --original \(original) --mirror 'file://\(mirror)'"
            )
        }
        let resolving = run("cd '\(package)' && swift package --scratch-path '\(directory.path)/build' resolve")
        if resolving.code != 0, resolving.output.contains("swift-log"), !resolving.output.contains("swift-nio") {
            try Test.cancel("the source of swift-log cannot be reached from here: \(resolving.output)")
        }
        #expect(resolving.code == 0, "\(resolving.output)")
        let resolved = try #require(TemporaryDirectory.read(package + "/Package.resolved"))
        let identities = resolved.split(separator: "\n").filter { $0.contains("\"identity\"") }
            .map { $0.split(separator: "\"")[3] }
        #expect(identities == ["swift-log"])

        let building = run("cd '\(package)' && swift build --scratch-path '\(directory.path)/build'")
        #expect(building.code == 0, "\(building.output)")
        let executable = directory.path + "/build/debug/LibraryOnly"
        #expect(try LogLine(run("'\(executable)'").output)["message"] == "\"hello\"")
        // The names of shared libraries stand in an executable as they are.
        #expect(run("grep -c libswiftCore '\(executable)'").code == 0)
        #expect(run("grep -c libFoundation '\(executable)'").code != 0)
    }

    @Test("Neither the library nor what it stands on imports Foundation", arguments: ["SluiceLogging", "SluiceBytes"])
    func noFoundation(_ target: String) throws {
        let directory = "\(Self.root)/Sources/\(target)"
        var names = TemporaryDirectory.names(in: directory)
        for folder in names where !folder.contains(".") {
            names += TemporaryDirectory.names(in: "\(directory)/\(folder)").map { "\(folder)/\($0)" }
        }
        names.removeAll { !$0.hasSuffix(".swift") }
        #expect(names.count > 5)
        for name in names {
            let source = try #require(TemporaryDirectory.read("\(directory)/\(name)"))
            for line in source.split(separator: "\n") where line.contains("import ") {
                let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                #expect(!words.contains { $0.hasPrefix("Foundation") }, "\(name): \(line)")
            }
        }
    }

    private func run(_ command: String) -> (code: Int32, output: String) {
        guard let stream = unsafe popen("(\(command)) 2>&1", "r") else { return (-1, "cannot run a shell") }
        var output: [UInt8] = []
        while case let byte = unsafe getc(stream), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
        return (unsafe pclose(stream), String(decoding: output, as: UTF8.self))
    }
}
