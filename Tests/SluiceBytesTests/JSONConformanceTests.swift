// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The published suite of JSON texts (github.com/nst/JSONTestSuite), where its folder stands beside the package.
@Suite struct JSONConformanceTests {
    private static let folder: String = {
        var path = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        path.removeLast(3)
        return path.joined(separator: "/") + "/../shared/conformance/json"
    }()

    /// The names of the suite's files; empty where there is no suite.
    private static func names() -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".json") { names.append(name) }
        }
        return names.sorted()
    }

    private static func content(_ name: String) -> [UInt8]? {
        guard let file = unsafe fopen(folder + "/" + name, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    @Test func acceptsAllOfYAndRejectsAllOfN() throws {
        let names = Self.names()
        if names.isEmpty {
            print("skipped: no JSON suite at \(Self.folder)")
            return
        }
        var counts: [Character: Int] = [:]
        for name in names {
            let bytes = try #require(Self.content(name))
            let isAccepted = bytes.withByteView { (try? JSONScanner.validate($0)) != nil }
            counts[name.first ?? "?", default: 0] += 1
            switch name.first {
            case "y": #expect(isAccepted, "\(name) is JSON")
            case "n": #expect(!isAccepted, "\(name) is not JSON")
            // Either is right; what matters is to come back, and to mean the same as the reference.
            default: #expect(isAccepted == (ReferenceJSON.parse(bytes) != nil), "\(name)")
            }
        }
        #expect(counts["y", default: 0] > 90 && counts["n", default: 0] > 180 && counts["i", default: 0] > 30)
    }
}
