// SPDX-License-Identifier: Apache-2.0

/// The files beside others whose names begin with theirs: what rotation makes of them (`app.log.1`,
/// `app.log-20261122`, `app.log.2.gz`), those left out that cannot be read. Each directory is listed once for as long as the value lives.
struct FileFamilies {
    private var listings: [String: [String]] = [:]

    /// The names in a directory, in their order.
    mutating func names(_ directory: String) -> [String] {
        if let known = listings[directory] { return known }
        let names = DirectoryListing.names(directory).sorted()
        listings[directory] = names
        return names
    }

    /// The family of a path.
    mutating func of(_ path: String) -> [String] {
        let directory = FilePattern.directory(of: path)
        return Self.family(FilePattern.name(of: path), directory, names(directory))
    }

    /// The family of a path as it is now.
    static func read(_ path: String) -> [String] {
        let directory = FilePattern.directory(of: path)
        return family(FilePattern.name(of: path), directory, DirectoryListing.names(directory).sorted())
    }

    /// Those that cannot be read.
    private static let compressed = [".bz2", ".xz", ".zst", ".lz4"]

    private static func family(_ name: String, _ directory: String, _ names: [String]) -> [String] {
        // In their order those that begin alike stand together.
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        var found: [String] = []
        while low < names.count, names[low].hasPrefix(name) {
            let other = names[low]
            low += 1
            if other == name || compressed.contains(where: other.hasSuffix) { continue }
            found.append(directory == "/" ? "/" + other : directory + "/" + other)
        }
        return found
    }
}
