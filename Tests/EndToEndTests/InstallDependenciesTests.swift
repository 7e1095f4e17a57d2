// SPDX-License-Identifier: Apache-2.0

import Testing

/// `scripts/install-dependencies` on machines that lack things, with stand-ins for the system's commands.
@Suite struct InstallDependenciesTests {
    /// Runs the script where only `commands` (names with their bash bodies) and the plain tools below are found.
    ///
    /// - Returns: the outcome, and what the stand-ins were called with, a line each.
    private func run(
        _ commands: [String: String],
        environment: String = ""
    ) async throws -> (result: Command.Result, calls: [String]) {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let calls = folder.path + "/calls"
        // A shell writes the stand-ins: a file that this process had open for writing cannot be run as long as a child
        // that another test has just forked still holds its descriptor.
        var script = "set -eu\nmkdir '\(folder.path)/bin'\ncd '\(folder.path)/bin'\n"
        for tool in ["bash", "cat", "env", "head", "mktemp", "rm", "sed"] {
            script += "ln -s \"$(command -v \(tool))\" \(tool)\n"
        }
        for (name, body) in commands {
            script += "cat > \(name) <<'STAND-IN'\n"
            script += "#!/bin/bash\necho \"\(name) $*\" >> '\(calls)'\n\(body)\nSTAND-IN\nchmod +x \(name)\n"
        }
        script += "exec env -i PATH='\(folder.path)/bin' TMPDIR='\(folder.path)' \(environment) /bin/bash"
        script += " '\(Repository.root)/scripts/install-dependencies'\n"
        let result = try await Command.run(["/bin/bash", "-c", script])
        let lines = (try? TextFile.read(calls)) ?? ""
        return (result, lines.split(separator: "\n").map(String.init))
    }

    private let swift = "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'"
    private let root = "echo 0"
    private let user = "echo 1000"
    private let options = "-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0"
    private let installedAllButPCRE = """
        case "${*: -1}" in libpcre2-dev) exit 1 ;; esac
        echo -n 'install ok installed'
        """

    @Test func doesNothingWhereAllIsThere() async throws {
        let (result, calls) = try await run([
            "swift": swift, "id": user, "apt-get": "", "dpkg-query": "echo -n 'install ok installed'",
        ])
        #expect(result.status == 0)
        #expect(result.output + result.errors == "")
        #expect(!calls.contains { $0.hasPrefix("apt-get") })
    }

    @Test func igzipIsInstalledWhereItIsOnlyTested() async throws {
        let installedAllButIgzip = """
            case "${*: -1}" in libisal2) exit 1 ;; esac
            echo -n 'install ok installed'
            """
        let commands = [
            "swift": swift, "id": root, "apt-get": "", "apt-cache": "", "dpkg-query": installedAllButIgzip,
        ]
        #expect(try await run(commands).result.output == "")
        let (result, calls) = try await run(commands, environment: "CI=true")
        #expect(result.output == "install-dependencies: installing libisal2 with apt-get\n")
        #expect(calls.filter { $0.hasPrefix("apt-get") }.count == 1)
    }

    @Test func installsWhatIsMissingAndSaysSo() async throws {
        let (result, calls) = try await run([
            "swift": swift, "id": root, "apt-get": "echo noise", "apt-cache": "", "dpkg-query": installedAllButPCRE,
        ])
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(result.output == "install-dependencies: installing libpcre2-dev with apt-get\n")
        #expect(
            calls.filter { $0.hasPrefix("apt-get") } == [
                "apt-get \(options) install --yes --no-install-recommends libpcre2-dev"
            ]
        )
    }

    @Test func updatesTheListsWhereTheyDoNotKnowThePackage() async throws {
        let (result, calls) = try await run([
            "swift": swift, "id": root, "apt-get": "", "apt-cache": "exit 100", "dpkg-query": "exit 1",
        ])
        #expect(result.status == 0)
        #expect(
            calls.filter { $0.hasPrefix("apt-get") } == [
                "apt-get \(options) update",
                "apt-get \(options) install --yes --no-install-recommends zlib1g-dev libpcre2-dev libsqlite3-dev",
            ]
        )
    }

    @Test func goesThroughSudoWhereItIsNotRoot() async throws {
        let (result, calls) = try await run([
            "swift": swift, "id": user, "apt-get": "", "apt-cache": "", "dpkg-query": installedAllButPCRE,
            "sudo": "shift; exec \"$@\"",
        ])
        #expect(result.status == 0)
        let install = "apt-get \(options) install --yes --no-install-recommends libpcre2-dev"
        #expect(calls.filter { $0.hasPrefix("sudo") } == ["sudo -n env DEBIAN_FRONTEND=noninteractive \(install)"])
        #expect(calls.contains(install))
    }

    @Test func showsWhatAptSaidWhenItFails() async throws {
        let (result, _) = try await run([
            "swift": swift, "id": root, "apt-get": "echo 'E: no network'; exit 100", "apt-cache": "",
            "dpkg-query": installedAllButPCRE,
        ])
        #expect(result.status == 1)
        #expect(
            result.errors == """
                E: no network
                install-dependencies: apt-get failed (see above): install libpcre2-dev by hand, then try again

                """
        )
    }

    @Test func namesThePackagesWhereItCannotInstallThem() async throws {
        let without = try await run(["swift": swift, "id": user, "apt-get": "", "dpkg-query": installedAllButPCRE])
        #expect(without.result.status == 1)
        #expect(
            without.result.errors
                == "install-dependencies: missing: libpcre2-dev. Install them as root: apt-get install libpcre2-dev\n"
        )
        let fedora = try await run(["swift": swift, "dnf": "", "pkg-config": "[ \"$2\" != sqlite3 ]"])
        #expect(fedora.result.status == 1)
        #expect(
            fedora.result.errors
                == "install-dependencies: missing: sqlite3. Install them: dnf install zlib-devel pcre2-devel sqlite-devel\n"
        )
    }

    @Test(
        arguments: [
            (nil, "Swift is missing: install Swift 6.3 from https://www.swift.org/install and put it on the PATH"),
            ("exit 1", "'swift --version' does not work: install Swift 6.3 from https://www.swift.org/install"),
            (
                "echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'",
                "Swift 6.1 is too old: install Swift 6.3 from https://www.swift.org/install"
            ),
        ] as [(String?, String)]
    )
    func saysWhereToGetSwift(_ swift: String?, _ expected: String) async throws {
        let (result, _) = try await run(swift.map { ["swift": $0] } ?? [:])
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.errors == "install-dependencies: \(expected)\n")
    }

    @Test(arguments: ["6.3", "6.10.1", "7.0"])
    func takesLaterVersionsOfSwift(_ version: String) async throws {
        let (result, _) = try await run([
            "swift": "echo 'Swift version \(version) (swift-RELEASE)'", "id": user, "apt-get": "",
            "dpkg-query": "echo -n 'install ok installed'",
        ])
        #expect(result.status == 0)
        #expect(result.output + result.errors == "")
    }
}
