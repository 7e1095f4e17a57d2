// swift-tools-version:6.2
// Sluice: structured logging for Swift services, and an agent that ships logs.
// One rule holds the house up: a target imports only targets listed above it.

import PackageDescription

let memberImportVisibility: SwiftSetting = .enableUpcomingFeature("MemberImportVisibility")
/// NIO's C shims include system headers that Glibc's module map does not own, so that beside them `struct stat` seems to
/// be NIO's. The agent and its torture, which use both, go without the check.
let settingsBesideNIO: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
]
let settings = settingsBesideNIO + [memberImportVisibility]

/// A product that only the agent, the receiver and the command line need. Whoever depends on this
/// package for `SluiceLogging` turns the `Agent` trait off and fetches none of them.
func agentOnly(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: ["Agent"]))
}

let package = Package(
    name: "sluice",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "SluiceLogging", targets: ["SluiceLogging"]),
        .executable(name: "sluice", targets: ["sluice"]),
    ],
    traits: [
        .trait(name: "Agent", description: "The agent, the embedded backend and the command line."),
        .trait(name: "Configuration", description: "SluiceLogging is configured through swift-configuration, too."),
        .trait(name: "Gzip", description: "SluiceLogging compresses rotated files; needs zlib."),
        .trait(
            name: "Metrics",
            description: "SluiceLogging counts in swift-metrics what it writes, drops and rotates."
        ),
        .trait(name: "ServiceLifecycle", description: "SluiceLogging has a service that flushes last."),
        .trait(name: "YAML", description: "SluiceLogging is configured from YAML, too."),
        .default(enabledTraits: ["Agent", "Configuration", "Gzip", "Metrics", "ServiceLifecycle", "YAML"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.10.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        // The C library's own tuning of malloc, which Swift's module of it leaves out.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        // Declarations alone: the library is opened at run time where it is installed.
        .systemLibrary(name: "CIgzip"),

        // What Swift has no operation for: carry-less multiplication.
        .target(name: "CChecksum"),
        // The same: the result of comparing a vector as bits, and prefetching. A header alone.
        .systemLibrary(name: "CProcessor"),

        .target(name: "SluiceBytes", dependencies: ["CProcessor"], swiftSettings: settings),
        .target(
            name: "SluiceCompression",
            dependencies: ["CZlib", "CIgzip", "CChecksum", "SluiceBytes"],
            swiftSettings: settings
        ),
        .target(
            name: "SluiceLogging",
            dependencies: [
                "SluiceBytes",
                .target(name: "SluiceCompression", condition: .when(traits: ["Gzip"])),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(
                    name: "ServiceLifecycle",
                    package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])
                ),
                .product(
                    name: "Configuration",
                    package: "swift-configuration",
                    condition: .when(traits: ["Configuration"])
                ),
                .product(name: "Yams", package: "Yams", condition: .when(traits: ["YAML"])),
            ],
            swiftSettings: settings
        ),
        .target(name: "SluiceSQLite", dependencies: ["CSQLite", "SluiceBytes"], swiftSettings: settings),
        .target(name: "SluicePatterns", dependencies: ["CPCRE2", "SluiceBytes"], swiftSettings: settings),
        .target(
            name: "SluiceEvents",
            dependencies: ["CProcessor", "SluiceBytes", "SluicePatterns"],
            swiftSettings: settings
        ),
        .target(
            name: "SluiceAgent",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceSQLite", "SluiceLogging", "SluiceEvents",
                .product(name: "Logging", package: "swift-log"),
                agentOnly("AsyncHTTPClient", "async-http-client"),
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOHTTP1", "swift-nio"),
                agentOnly("NIOPosix", "swift-nio"),
                agentOnly("NIOSSL", "swift-nio-ssl"),
                agentOnly("NIOTLS", "swift-nio"),
                agentOnly("Crypto", "swift-crypto"),
                agentOnly("X509", "swift-certificates"),
                agentOnly("Hummingbird", "hummingbird"),
                agentOnly("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settingsBesideNIO
        ),
        .target(
            name: "SluiceConfiguration",
            dependencies: [
                "SluiceBytes", "SluiceEvents", "SluiceAgent", agentOnly("Yams", "Yams"),
                agentOnly("Crypto", "swift-crypto"), agentOnly("CryptoExtras", "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SluiceReceiver",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceSQLite", "SluicePatterns",
                .product(name: "Logging", package: "swift-log"),
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOPosix", "swift-nio"),
                agentOnly("NIOSSL", "swift-nio-ssl"),
                agentOnly("HummingbirdCore", "hummingbird"),
                agentOnly("HummingbirdTLS", "hummingbird"),
                agentOnly("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "sluice",
            dependencies: [
                "CMalloc", "SluiceBytes", "SluiceLogging", "SluiceEvents", "SluiceAgent", "SluiceConfiguration",
                "SluiceReceiver",
                .product(name: "Logging", package: "swift-log"),
                agentOnly("AsyncHTTPClient", "async-http-client"),
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOHTTP1", "swift-nio"),
                agentOnly("ArgumentParser", "swift-argument-parser"),
                agentOnly("ServiceLifecycle", "swift-service-lifecycle"),
                agentOnly("UnixSignals", "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // The tools of `make bench`. They share the build folder, and stand on nothing that the agent alone needs.
        .executableTarget(
            name: "sluice-bench",
            dependencies: [
                "CZlib", "SluiceBytes", "SluiceCompression", "SluiceEvents", "SluiceLogging",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Sources/sluice-bench",
            swiftSettings: settings
        ),

        // Logs from many threads, is killed, and checks what is left. Run by tests and by `make logging-torture`.
        .executableTarget(
            name: "logging-torture",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceLogging", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/LoggingTorture",
            swiftSettings: settings
        ),

        // The example as it stands, built here too so that tests run it. Its own manifest gives it no settings.
        .executableTarget(
            name: "hummingbird-service",
            dependencies: [
                "SluiceLogging",
                .product(name: "Logging", package: "swift-log"),
                agentOnly("ServiceLifecycle", "swift-service-lifecycle"),
                agentOnly("Hummingbird", "hummingbird"),
            ],
            path: "Examples/hummingbird-service/Sources/hummingbird-service"
        ),

        // What the tests of several targets need. Nothing else depends on it, so that no product builds it.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        // Ill-treats the agent, and knows every line. Run by tests and by `make torture`.
        .executableTarget(
            name: "agent-torture",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceSQLite", "TestSupport",
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOEmbedded", "swift-nio"),
                agentOnly("NIOSSL", "swift-nio-ssl"),
            ],
            path: "Tests/AgentTorture",
            swiftSettings: settingsBesideNIO
        ),
        .testTarget(
            name: "SluiceBytesTests",
            dependencies: ["SluiceBytes", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceCompressionTests",
            dependencies: ["SluiceBytes", "SluiceCompression", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceLoggingTests",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceLogging", "logging-torture", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(
                    name: "Configuration",
                    package: "swift-configuration",
                    condition: .when(traits: ["Configuration"])
                ),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(
                    name: "ServiceLifecycle",
                    package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])
                ),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "SluiceSQLiteTests", dependencies: ["SluiceBytes", "SluiceSQLite"], swiftSettings: settings),
        .testTarget(
            name: "SluicePatternsTests",
            dependencies: ["SluiceBytes", "SluicePatterns", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceEventsTests",
            dependencies: ["SluiceBytes", "SluicePatterns", "SluiceEvents", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceAgentTests",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceSQLite", "SluiceEvents", "SluiceAgent",
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOPosix", "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceConfigurationTests",
            dependencies: ["SluiceBytes", "SluiceEvents", "SluiceAgent", "SluiceConfiguration", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SluiceReceiverTests",
            dependencies: [
                "SluiceBytes", "SluiceCompression", "SluiceSQLite", "SluicePatterns", "SluiceReceiver",
                agentOnly("AsyncHTTPClient", "async-http-client"),
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOHTTP1", "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // Runs the real executables; depends on them so that they are built, and imports nothing of them.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "sluice", "agent-torture", "logging-torture", "hummingbird-service", "SluiceBytes", "SluiceCompression",
                "SluiceSQLite", "SluiceEvents", "SluiceConfiguration", "TestSupport",
                // A server that speaks TLS.
                agentOnly("NIOCore", "swift-nio"),
                agentOnly("NIOPosix", "swift-nio"),
                agentOnly("NIOSSL", "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
    ]
)
