// SPDX-License-Identifier: Apache-2.0

import SluiceConfiguration
import SluiceEvents
import Testing

/// What the repository says of itself is true, and its sources keep the house's rules.
@Suite struct RepositoryTests {
    @Test func sourcesAreFormatted() async throws {
        let folders = ["Sources", "Tests", "Package.swift", "Benchmarks", "Examples", "Snippets"].filter(
            Repository.exists
        )
        let result = try await Command.run(
            ["/usr/bin/env", "swift", "format", "lint", "--strict", "--recursive"]
                + folders.map { Repository.root + "/" + $0 }
        )
        #expect(result.output + result.errors == "")
        #expect(result.status == 0)
    }

    @Test(arguments: [
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "Examples/hummingbird-service/README.md",
    ])
    func relativeLinksLeadSomewhere(_ document: String) throws {
        let text = try Repository.read(document)
        let folder = document.lastIndex(of: "/").map { document[...$0] } ?? ""
        let anchors = Set(Markdown.headings(in: text).map(Markdown.anchor))
        for link in Markdown.links(in: text) where !link.contains("://") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            if let path = parts.first, !path.isEmpty {
                #expect(Repository.exists(folder + String(path)), "\(document) links to \(link)")
            } else if parts.count == 2 {
                #expect(anchors.contains(String(parts[1])), "\(document) links to \(link)")
            }
        }
    }

    @Test func pipelinesOfTheReadmeLoad() throws {
        let blocks = Markdown.blocks("yaml", in: try Repository.read("README.md"))
        try #require(!blocks.isEmpty)
        for block in blocks {
            let problems = ConfigurationProblems()
            let node = ConfigurationLoader.load(
                text: block,
                file: "README.md",
                environment: ["ELASTICSEARCH_PASSWORD": "x"],
                problems: problems
            )
            #expect(problems.description == "")
            #expect(node?["outputs"]?.elements?.isEmpty == false)
        }
    }

    @Test func readyPipelinesLoad() throws {
        let files = Repository.files(below: "pipelines", extensions: ["yml", "yaml"])
        try #require(!files.isEmpty)
        for file in files {
            let problems = ConfigurationProblems()
            let node = ConfigurationLoader.load(
                path: Repository.root + "/" + file,
                environment: [:],
                problems: problems
            )
            #expect(problems.description == "")
            #expect(node?["inputs"]?.elements?.isEmpty == false)
            #expect(node?["outputs"]?.elements?.isEmpty == false)
        }
    }

    @Test func theReadmeShowsThePipelineAsItIs() throws {
        let file = try Repository.read("pipelines/mlops.yml")
        let pipeline = file.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        let shown = Markdown.blocks("yaml", in: try Repository.read("README.md"))
        #expect(shown.contains(pipeline + "\n"))
    }

    @Test func targetsImportOnlyTargetsAboveThem() throws {
        let targets = Self.targets(in: try Repository.read("Package.swift"))
        try #require(targets.contains("SluiceBytes") && targets.contains("sluice"))
        for (index, target) in targets.enumerated() {
            for file in Repository.files(below: "Sources/\(target)", extensions: ["swift"]) {
                for module in Self.imports(in: try Repository.read(file)) {
                    guard let other = targets.firstIndex(of: module) else { continue }
                    #expect(other < index, "\(file) imports \(module), which is not above \(target)")
                }
            }
        }
    }

    @Test(arguments: ["SluiceBytes", "SluiceCompression", "SluiceLogging", "SluiceEvents"])
    func theGroundFloorsDoWithoutFoundation(_ target: String) throws {
        let files = Repository.files(below: "Sources/\(target)", extensions: ["swift"])
        try #require(!files.isEmpty)
        for file in files {
            let imports = Self.imports(in: try Repository.read(file))
            #expect(!imports.contains { $0.hasPrefix("Foundation") }, "\(file) imports Foundation")
        }
    }

    @Test func nothingInTheSourcesTrapsOnPurpose() throws {
        let files = Repository.files(below: "Sources", extensions: ["swift"])
        try #require(!files.isEmpty)
        for file in files {
            for (index, line) in try Repository.read(file).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
                for trap in ["try!", "fatalError(", " as! "] {
                    #expect(!code.contains(trap), "\(file):\(index + 1) has \(trap)")
                }
            }
        }
    }

    /// The names of a package's targets, tests aside, in the manifest's order.
    private static func targets(in manifest: String) -> [String] {
        var targets: [String] = []
        var rest = manifest[...]
        let openings = [".target(", ".systemLibrary(", ".executableTarget("]
        while let opening = openings.compactMap({ rest.firstRange(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound })
        {
            rest = rest[opening.upperBound...]
            guard let name = rest.firstRange(of: "name: \"") else { break }
            targets.append(String(rest[name.upperBound...].prefix { $0 != "\"" }))
        }
        return targets
    }

    /// The modules that a source file imports.
    private static func imports(in source: String) -> [String] {
        // Only attributes and access levels stand before the keyword: anything else is a sentence.
        let levels: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        var modules: [String] = []
        for line in source.split(whereSeparator: \.isNewline) {
            let words: [Substring] = line.split { $0 == " " }
            guard let keyword = words.firstIndex(of: "import"),
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || levels.contains($0) }),
                let module = words[(keyword + 1)...].first(where: { !kinds.contains($0) })
            else { continue }
            modules.append(String(module.prefix { $0 != "." }))
        }
        return modules
    }
}
