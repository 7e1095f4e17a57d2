// SPDX-License-Identifier: Apache-2.0

import Testing

/// What the documentation of the library shows compiles, and leads somewhere.
///
/// Files in `Snippets/` are compiled with the tests, as is whatever stands in `Sources` and `Examples`.
@Suite struct DocumentationTests {
    private static let articles = Repository.files(
        below: "Sources/SluiceLogging/Documentation.docc",
        extensions: ["md"]
    )
    private static let documents = articles + ["README.md", "Examples/hummingbird-service/README.md"]

    private static func isManifest(_ code: String) -> Bool { code.hasPrefix("// swift-tools-version:") }

    @Test(arguments: documents)
    func eachBlockIsASnippet(_ document: String) throws {
        let snippets = Set(try SnippetFile.all().flatMap(\.slices).map(\.code))
        let sources = try Repository.files(below: "Examples", extensions: ["swift"]).map(Repository.read)
        for block in Markdown.blocks("swift", in: try Repository.read(document)) where !Self.isManifest(block) {
            #expect(
                snippets.contains(block) || sources.contains { $0.contains(block) },
                "\(document) shows what neither a snippet nor an example has:\n\(block)"
            )
        }
    }

    @Test func eachSnippetIsShown() throws {
        let shown = Set(try Self.documents.flatMap { Markdown.blocks("swift", in: try Repository.read($0)) })
        let files = try SnippetFile.all()
        #expect(files.count > 5)
        for file in files {
            #expect(!file.slices.isEmpty, "\(file.path) has nothing to show")
            for slice in file.slices {
                #expect(shown.contains(slice.code), "\(file.path): no document shows '\(slice.name)'")
            }
        }
    }

    @Test func manifestsAreTaken() async throws {
        let blocks = try Self.documents.flatMap { Markdown.blocks("swift", in: try Repository.read($0)) }
        let manifests = blocks.filter(Self.isManifest)
        try #require(manifests.count >= 2)
        for manifest in manifests {
            let folder = try TemporaryFolder()
            try TextFile.write(manifest, folder.path + "/Package.swift")
            let result = try await Command.run(
                [
                    "/usr/bin/env", "swift", "package", "--package-path", folder.path,
                    "--scratch-path", folder.path + "/build", "dump-package",
                ]
            )
            #expect(result.status == 0, "\(manifest)\(result.errors)")
        }
    }

    @Test func itBuildsWithoutAWord() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let script = Repository.root + "/scripts/build-documentation"
        let result = try await Command.run([script, SluiceCommand.folder, folder.path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let page = folder.path + "/data/documentation/sluicelogging/tutorial.json"
        #expect(try TextFile.read(page).contains("Step 1"))
    }

    @Test func aLinkThatLeadsNowhereIsAnError() async throws {
        let folder = try TemporaryFolder()
        let catalog = folder.path + "/Documentation.docc"
        let copying = try await Command.run(
            ["/bin/cp", "-r", Repository.root + "/Sources/SluiceLogging/Documentation.docc", catalog]
        )
        try #require(copying.status == 0)
        try TextFile.append("\nSee ``RotatingFile/nowhere()``.\n", catalog + "/GettingStarted.md")
        let script = Repository.root + "/scripts/build-documentation"
        let result = try await Command.run(
            ["/usr/bin/env", "DOCUMENTATION_CATALOG=\(catalog)", script, SluiceCommand.folder, folder.path + "/output"]
        )
        #expect(result.status == 1)
        #expect(result.errors.contains("nowhere()"), "\(result.output)\(result.errors)")
    }

    /// The example for people to copy is the one that is tested here.
    @Test func theExampleHasTheSameSourcesAndProductsInBothManifests() throws {
        let own = try Repository.read("Examples/hummingbird-service/Package.swift")
        let root = try Repository.read("Package.swift")
        let target = try #require(
            root.firstRange(of: "name: \"hummingbird-service\",").map { root[$0.upperBound...] }
        )
        let end = try #require(target.firstRange(of: "\n        ),"))
        let section = target[..<end.lowerBound]
        #expect(section.contains("path: \"Examples/hummingbird-service/Sources/hummingbird-service\""))
        #expect(
            !Repository.files(below: "Examples/hummingbird-service/Sources/hummingbird-service", extensions: ["swift"])
                .isEmpty
        )

        let ownProducts = own.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
        let rootProducts = section.matches(of: /(?:\.product\(name: |agentOnly\()"(\w+)"/).map { String($0.1) }
        #expect(Set(ownProducts) == Set(rootProducts + ["SluiceLogging"]))
        #expect(section.contains("\"SluiceLogging\""))

        // Both ask for the same versions.
        let requirement = /url: "([^"]+)", from: "([^"]+)"/
        let rootVersions = Set(root.matches(of: requirement).map { "\($0.1) \($0.2)" })
        let ownVersions = own.matches(of: requirement).map { "\($0.1) \($0.2)" }
        #expect(ownVersions.count == 3)
        for version in ownVersions { #expect(rootVersions.contains(version), "\(version)") }
    }
}
