// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Where the generations that the state knows can be found: by device and inode, by path, and by what they begin with.
struct GenerationIndex {
    struct Entry {
        var path: String
        var identity: FileStatus.Identity
        var head: Head
    }

    /// The first bytes of a generation, as many as are known of it.
    struct Head: Hashable {
        var length: Int
        var hash: UInt64

        init(_ print: FileFingerprint) {
            length = print.length
            hash = print.hash
        }
    }

    private(set) var entries: [Int64: Entry] = [:]
    /// Each in the order in which they had the file.
    private var byIdentity: [FileStatus.Identity: [Int64]] = [:]
    private var byPath: [String: [Int64]] = [:]
    private var byHead: [Head: [Int64]] = [:]
    /// How many heads there are of which length.
    private var headLengths: [Int: Int] = [:]

    init(_ generations: [Generation]) {
        for generation in generations.sorted(by: { $0.row < $1.row }) { insert(generation) }
    }

    mutating func insert(_ generation: Generation) {
        let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
        entries[generation.row] = Entry(path: generation.path, identity: identity, head: Head(generation.head))
        byIdentity[identity, default: []].append(generation.row)
        byPath[generation.path, default: []].append(generation.row)
        insert(generation.row, head: Head(generation.head))
    }

    /// More of a generation's head is known.
    mutating func note(_ head: FileFingerprint, of row: Int64) {
        let head = Head(head)
        guard let known = entries[row]?.head, known != head else { return }
        remove(row, head: known)
        insert(row, head: head)
        entries[row]?.head = head
    }

    private mutating func insert(_ row: Int64, head: Head) {
        // What nothing is known of begins like everything.
        guard head.length > 0 else { return }
        byHead[head, default: []].append(row)
        headLengths[head.length, default: 0] += 1
    }

    private mutating func remove(_ row: Int64, head: Head) {
        guard head.length > 0 else { return }
        Self.remove(row, from: &byHead, head)
        headLengths[head.length, default: 1] -= 1
        if headLengths[head.length] == 0 { headLengths[head.length] = nil }
    }

    private static func remove<Key>(_ row: Int64, from rows: inout [Key: [Int64]], _ key: Key) {
        rows[key]?.removeAll { $0 == row }
        if rows[key]?.isEmpty == true { rows[key] = nil }
    }

    /// The generation goes on in another file.
    mutating func move(_ row: Int64, to identity: FileStatus.Identity) {
        guard let entry = entries[row], entry.identity != identity else { return }
        Self.remove(row, from: &byIdentity, entry.identity)
        byIdentity[identity, default: []].append(row)
        entries[row]?.identity = identity
    }

    /// Forgets a generation.
    mutating func remove(_ row: Int64) {
        guard let entry = entries.removeValue(forKey: row) else { return }
        Self.remove(row, from: &byIdentity, entry.identity)
        Self.remove(row, from: &byPath, entry.path)
        remove(row, head: entry.head)
    }

    /// The last that had the file.
    func newest(_ identity: FileStatus.Identity) -> Int64? { byIdentity[identity]?.last }

    /// The last that had the file first.
    func rows(_ identity: FileStatus.Identity) -> [Int64] { (byIdentity[identity] ?? []).reversed() }

    func rows(path: String) -> [Int64] { byPath[path] ?? [] }

    /// Those that a text begins like, the newest first.
    ///
    /// - Parameter beginning: the first bytes of the text, `FileFingerprint.length` of them if there are as many.
    func rows(beginning: ByteView) -> [Int64] {
        headLengths.keys.filter { $0 <= beginning.count }
            .flatMap { byHead[Head(FileFingerprint(beginning[0..<$0], offset: 0))] ?? [] }
            .sorted(by: >)
    }
}
