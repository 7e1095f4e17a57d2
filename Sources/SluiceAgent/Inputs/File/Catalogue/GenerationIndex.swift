// SPDX-License-Identifier: Apache-2.0

/// Where the generations that the state knows can be found: by device and inode, by path and by directory.
struct GenerationIndex {
    struct Entry {
        var path: String
        var identity: FileStatus.Identity
    }

    private(set) var entries: [Int64: Entry] = [:]
    /// Each in the order in which they had the file.
    private var byIdentity: [FileStatus.Identity: [Int64]] = [:]
    private var byPath: [String: [Int64]] = [:]
    private var byDirectory: [String: Set<Int64>] = [:]

    init(_ generations: [Generation]) {
        for generation in generations.sorted(by: { $0.row < $1.row }) { insert(generation) }
    }

    mutating func insert(_ generation: Generation) {
        let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
        entries[generation.row] = Entry(path: generation.path, identity: identity)
        byIdentity[identity, default: []].append(generation.row)
        byPath[generation.path, default: []].append(generation.row)
        byDirectory[FilePattern.directory(of: generation.path), default: []].insert(generation.row)
    }

    /// The generation goes on in another file.
    mutating func move(_ row: Int64, to identity: FileStatus.Identity) {
        guard let entry = entries[row], entry.identity != identity else { return }
        byIdentity[entry.identity]?.removeAll { $0 == row }
        if byIdentity[entry.identity]?.isEmpty == true { byIdentity[entry.identity] = nil }
        byIdentity[identity, default: []].append(row)
        entries[row]?.identity = identity
    }

    /// Forgets a generation.
    mutating func remove(_ row: Int64) {
        guard let entry = entries.removeValue(forKey: row) else { return }
        byIdentity[entry.identity]?.removeAll { $0 == row }
        if byIdentity[entry.identity]?.isEmpty == true { byIdentity[entry.identity] = nil }
        byPath[entry.path]?.removeAll { $0 == row }
        if byPath[entry.path]?.isEmpty == true { byPath[entry.path] = nil }
        let directory = FilePattern.directory(of: entry.path)
        byDirectory[directory]?.remove(row)
        if byDirectory[directory]?.isEmpty == true { byDirectory[directory] = nil }
    }

    /// The last that had the file.
    func newest(_ identity: FileStatus.Identity) -> Int64? { byIdentity[identity]?.last }

    /// Those that had the file of a generation.
    func rows(ofFile generation: Generation) -> [Int64] {
        rows(FileStatus.Identity(device: generation.device, inode: generation.inode))
    }

    /// The last that had the file first.
    func rows(_ identity: FileStatus.Identity) -> [Int64] { (byIdentity[identity] ?? []).reversed() }

    func rows(path: String) -> [Int64] { byPath[path] ?? [] }

    /// Those whose path is in this directory, the newest first.
    func rows(directory: String) -> [Int64] { (byDirectory[directory] ?? []).sorted(by: >) }
}
