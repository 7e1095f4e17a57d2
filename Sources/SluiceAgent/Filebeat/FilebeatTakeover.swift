// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging

/// Begins a generation in the state for each file that Filebeat has read, at its offset, so that a pipeline goes on where
/// Filebeat stopped.
package struct FilebeatTakeover {
    package enum Outcome: String, Sendable, CaseIterable {
        case takenOver = "taken over"
        case alreadyKnown = "already known"
        /// Read from its beginning, because what the registry says cannot be of this file.
        case anew = "from its beginning"
        /// A file of the pipeline that the registry does not have.
        case new = "new"
        case gone
        /// It is there, and none of the pipeline's.
        case notOurs = "not an input's"
        case failed
    }

    package struct Result: Sendable {
        package var outcome: Outcome
        package var path: String
        package var offset: Int64?
        package var detail: String
    }

    /// What Filebeat's `fingerprint.offset` and `fingerprint.length` say.
    package struct FingerprintRange: Sendable {
        package var offset: Int64 = 0
        package var length = 1024

        package init() {}
    }

    private struct Found {
        var path: String
        var status: FileStatus
        /// The path that the file's events say.
        var name: String
    }

    private let outputs: [String]
    private let editor: StateEditor
    private let fingerprint: FingerprintRange
    /// What the state has already, by the file that it was met in.
    private var knownByIdentity: [FileStatus.Identity: [Generation]] = [:]
    private var byIdentity: [FileStatus.Identity: Found] = [:]
    private var byPath: [String: Found] = [:]
    private var byFingerprint: [String: [Found]] = [:]

    /// - Parameters:
    ///   - inputs: of the pipeline.
    ///   - editor: of its state; nothing is written before its `commit`.
    package init(
        inputs: [FileInputOptions],
        outputs: [String],
        editor: StateEditor,
        fingerprint: FingerprintRange,
        logger: Logger
    ) {
        self.outputs = outputs
        self.editor = editor
        self.fingerprint = fingerprint
        for generation in editor.sorted {
            let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
            knownByIdentity[identity, default: []].append(generation)
        }
        for input in inputs {
            for (path, status) in FileFinder(options: input, isWatching: false, logger: logger).all() {
                guard let status, status.isRegular else { continue }
                let found = Found(path: path, status: status, name: path)
                byPath[path] = found
                if byIdentity[status.identity] == nil { byIdentity[status.identity] = found }
            }
        }
    }

    /// Goes through the registry. Results are in the order of their paths.
    package mutating func run(_ entries: [FilebeatEntry]) -> [Result] {
        if entries.contains(where: { if case .fingerprint = $0.identity { true } else { false } }) {
            takeFingerprints()
        }
        var results: [Result] = []
        var candidates: [FileStatus.Identity: [(entry: FilebeatEntry, found: Found)]] = [:]
        for entry in entries {
            switch find(entry) {
            case .success(let found): candidates[found.status.identity, default: []].append((entry, found))
            case .failure(let reason):
                results.append(
                    Result(outcome: reason.outcome, path: entry.source, offset: entry.offset, detail: reason.text)
                )
            }
        }
        for (_, candidates) in candidates {
            // Several inputs of a Filebeat deliver to one output, so that what the last of them has done counts.
            let newest = candidates.max { ($0.entry.updated, $1.entry.offset) < ($1.entry.updated, $0.entry.offset) }
            guard let newest else { continue }
            let others = candidates.count > 1 ? "the newest of \(candidates.count) entries" : ""
            results.append(take(newest.entry, newest.found, others))
        }
        for found in byPath.values where candidates[found.status.identity] == nil {
            if byIdentity[found.status.identity]?.path != found.path || isKnown(found) { continue }
            results.append(
                Result(
                    outcome: .new,
                    path: found.path,
                    offset: nil,
                    detail: "not in the registry: read as the pipeline says"
                )
            )
        }
        return results.sorted { ($0.path, $0.outcome.rawValue) < ($1.path, $1.outcome.rawValue) }
    }

    // MARK: Whose entry it is

    private struct Miss: Error {
        var outcome: Outcome
        var text: String
    }

    private func find(_ entry: FilebeatEntry) -> Swift.Result<Found, Miss> {
        switch entry.identity {
        case .native(let device, let inode):
            let identity = FileStatus.Identity(device: device, inode: inode)
            if let found = byIdentity[identity] ?? departed(entry, identity) {
                if isSame(entry, found) { return .success(found) }
                return .failure(
                    Miss(
                        outcome: .gone,
                        text: "its inode belongs to '\(found.path)' now, which is read from its beginning"
                    )
                )
            }
            return .failure(miss(entry, isThere: FileStatus(path: entry.source)?.identity == identity))
        case .path(let path):
            if let found = byPath[path] { return .success(found) }
            return .failure(miss(entry, isThere: FileStatus(path: path) != nil))
        case .fingerprint(let hash):
            let found = byFingerprint[hash] ?? []
            // Several files that begin alike: the one that Filebeat saw.
            if let one = found.first(where: { $0.path == entry.source }) ?? found.first { return .success(one) }
            return .failure(miss(entry, isThere: hash == self.hash(path: entry.source)))
        }
    }

    private func miss(_ entry: FilebeatEntry, isThere: Bool) -> Miss {
        isThere
            ? Miss(outcome: .notOurs, text: "no input of the pipeline matches it: add it to 'paths', or it is not read")
            : Miss(outcome: .gone, text: "the file is gone")
    }

    /// A file that rotation has moved out of the patterns, and that may not have been read to its end.
    private func departed(_ entry: FilebeatEntry, _ identity: FileStatus.Identity) -> Found? {
        guard byPath[entry.source] != nil else { return nil }
        for path in FileFamilies.read(entry.source) {
            if let status = FileStatus(path: path), status.identity == identity {
                return Found(path: path, status: status, name: entry.source)
            }
        }
        return nil
    }

    /// An inode can have been given to another file: rotation keeps the family of the name, and a link leads to it.
    private func isSame(_ entry: FilebeatEntry, _ found: Found) -> Bool {
        entry.source.isEmpty || FilePattern.areFamily(entry.source, found.path)
            || FileStatus(path: entry.source)?.identity == found.status.identity
    }

    private mutating func takeFingerprints() {
        for found in byIdentity.values {
            if let hash = hash(path: found.path) { byFingerprint[hash, default: []].append(found) }
        }
        for hash in byFingerprint.keys { byFingerprint[hash]?.sort { $0.path < $1.path } }
    }

    private func hash(path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return FilebeatFingerprint.hash(descriptor, offset: fingerprint.offset, length: fingerprint.length)
    }

    // MARK: Taking over

    private func take(_ entry: FilebeatEntry, _ found: Found, _ note: String) -> Result {
        func result(_ outcome: Outcome, _ offset: Int64?, _ details: String...) -> Result {
            let detail = (details + [note]).filter { !$0.isEmpty }.joined(separator: "; ")
            return Result(outcome: outcome, path: found.path, offset: offset, detail: detail)
        }
        if let known = known(found) {
            return result(.alreadyKnown, known.resumeOffset(outputs: outputs), "the state has it")
        }
        var offset = entry.offset
        var detail = ""
        var outcome = Outcome.takenOver
        if let status = FileStatus(path: found.path), offset > status.size {
            detail = "offset \(offset) is beyond its end (\(status.size) bytes): it was truncated or replaced"
            offset = 0
            outcome = .anew
        }
        do {
            let place = try LinePlace(offset, path: found.path, direction: .backwards)
            guard place.device == found.status.device, place.inode == found.status.inode else {
                return result(.failed, nil, "it was replaced meanwhile: try again")
            }
            if place.offset != offset { detail = "offset \(offset) is within a line, which is read again" }
            let left = place.size - place.offset
            if outcome == .takenOver { detail += (detail.isEmpty ? "" : "; ") + "\(left) bytes are left" }
            begin(found, place)
            return result(outcome, place.offset, detail)
        } catch {
            return result(.failed, nil, "it cannot be read (\(error))")
        }
    }

    private func begin(_ found: Found, _ place: LinePlace) {
        var generator = SystemRandomNumberGenerator()
        var generation = Generation(
            row: 0,
            identifier: Generation.randomIdentifier(using: &generator),
            path: found.name,
            device: place.device,
            inode: place.inode,
            head: place.head
        )
        generation.anchor = place.anchor
        for output in outputs { generation.progress[output] = ByteRanges(contiguous: place.offset) }
        editor.insert(generation)
    }

    private func isKnown(_ found: Found) -> Bool { known(found) != nil }

    /// The generation that goes on in the file.
    private func known(_ found: Found) -> Generation? {
        let descriptor = unsafe open(found.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return knownByIdentity[found.status.identity]?.last { generation in
            found.status.size >= generation.resumeOffset(outputs: outputs) && generation.head.matches(descriptor)
                && (generation.anchor?.matches(descriptor) ?? true)
        }
    }
}
