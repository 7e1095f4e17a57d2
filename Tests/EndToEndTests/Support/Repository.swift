// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The repository that these tests were built from.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    static func read(_ path: String) throws -> String {
        try TextFile.read(root + "/" + path)
    }

    /// The files below a folder with one of these extensions, by their paths in the repository, in order.
    static func files(below folder: String, extensions: Set<String>) -> [String] {
        let names = FileManager.default.enumerator(atPath: root + "/" + folder)
        var files: [String] = []
        while let name = names?.nextObject() as? String {
            if extensions.contains(URL(fileURLWithPath: name).pathExtension) { files.append(folder + "/" + name) }
        }
        return files.sorted()
    }
}
