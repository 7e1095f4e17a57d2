// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes

/// Filebeat's registry of files, as it keeps it since 7.9: a checkpoint `N.json`, an array of objects with `_key`, and
/// `log.json`, what came after it: a line `{"op": "set" or "remove", "id": N}` and a line `{"k": KEY, "v": VALUE}` for
/// each change, numbered without a gap. Nothing is written to it.
package struct FilebeatRegistry {
    package private(set) var entries: [FilebeatEntry] = []
    /// Keys that are none of files, or of a kind that is not known.
    package private(set) var unknownKeys: [String] = []
    /// What was odd, in words.
    package private(set) var notes: [String] = []
    /// The folder that has it.
    package let directory: String
    private var values: [String: JSONContent] = [:]

    /// Why a registry cannot be read, in words.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// - Parameter path: Filebeat's data directory, the registry in it, or the folder `filebeat` in that.
    package init(path: String) throws(Failure) {
        let places = [path, path + "/filebeat", path + "/registry/filebeat"]
        let hasRegistry = { (place: String) in
            FileStatus(path: place + "/log.json") != nil || FileStatus(path: place + "/meta.json") != nil
        }
        guard let directory = places.first(where: hasRegistry) else {
            throw Failure(
                description:
                    "no registry of Filebeat is in '\(path)': name its data directory, such as /var/lib/filebeat, or "
                    + "registry/filebeat in it"
            )
        }
        self.directory = directory
        if let meta = try Self.text(directory + "/meta.json"), let version = Self.parse(meta[...])?["version"]?.text,
            version != "1"
        {
            throw Failure(
                description:
                    "the registry in '\(directory)' has version \(version), and only 1 is known (Filebeat 7.9 and later): "
                    + "start and stop such a Filebeat once"
            )
        }
        let checkpoint = DirectoryListing.names(directory).compactMap { name in
            name.hasSuffix(".json") ? UInt64(name.dropLast(5)) : nil
        }.max()
        if let checkpoint { try readCheckpoint("\(directory)/\(checkpoint).json") }
        try readLog(directory + "/log.json", after: checkpoint ?? 0)
        for key in values.keys.sorted() {
            if let entry = FilebeatEntry(key: key, value: values[key] ?? .null) {
                entries.append(entry)
            } else {
                unknownKeys.append(key)
            }
        }
        values = [:]
    }

    private mutating func readCheckpoint(_ path: String) throws(Failure) {
        guard let text = try Self.text(path), let states = Self.parse(text[...])?.elements else {
            throw Failure(
                description:
                    "'\(path)' is damaged: start Filebeat once, which repairs what can be repaired, and stop it"
            )
        }
        for state in states {
            if let key = state["_key"]?.text { values[key] = state }
        }
    }

    private mutating func readLog(_ path: String, after checkpoint: UInt64) throws(Failure) {
        guard let text = try Self.text(path) else { return }
        let lines = text.split(separator: UInt8(ascii: "\n"))
        var last = checkpoint
        var number = 0
        while number < lines.count {
            // A kill can leave the last change unfinished; Filebeat forgets it, too.
            guard number + 1 < lines.count, let action = Self.parse(lines[number]), let id = action["id"]?.unsigned,
                let change = Self.parse(lines[number + 1]), let key = change["k"]?.text
            else {
                notes.append("the last change in '\(path)' is unfinished, and left out as Filebeat does")
                return
            }
            number += 2
            // Changes that the checkpoint has.
            if id <= checkpoint { continue }
            guard id == last + 1 else {
                notes.append("'\(path)' has a gap before change \(id); what follows is left out as Filebeat does")
                return
            }
            last = id
            switch action["op"]?.text {
            case "set": values[key] = change["v"] ?? .null
            case "remove": values[key] = nil
            default: notes.append("'\(path)' has a change \(id) of an unknown kind")
            }
        }
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) -> JSONContent? {
        Array(bytes).withByteView { view in try? JSONContent.parse(view) }
    }

    /// All of a file; nil if it is not there.
    private static func text(_ path: String) throws(Failure) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(description: unsafe "'\(path)' cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = unsafe read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure(description: unsafe "'\(path)' cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    // MARK: Whether it is at rest

    /// Whether a Filebeat runs on this registry; it holds a lock on `filebeat.lock` in its data directory.
    package var isInUse: Bool {
        for folder in [directory + "/../..", directory + "/..", directory] {
            let lock = unsafe open(folder + "/filebeat.lock", O_RDONLY | O_CLOEXEC)
            guard lock >= 0 else { continue }
            defer { close(lock) }
            if flock(lock, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK { return true }
        }
        return false
    }
}
