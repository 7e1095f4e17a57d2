// swift-tools-version:6.2
// A package that wants the library alone. What it resolves is checked by LibraryOnlyTests.

import PackageDescription

let package = Package(
    name: "library-only",
    platforms: [.macOS(.v15)],
    dependencies: [
        // The test puts a copy of this folder elsewhere and writes the path of the package here.
        .package(name: "sluice", path: "SLUICE_PATH", traits: [])
    ],
    targets: [
        .executableTarget(
            name: "LibraryOnly",
            dependencies: [.product(name: "SluiceLogging", package: "sluice")]
        )
    ]
)
