// SPDX-License-Identifier: Apache-2.0

import Logging

/// Content that was gone before every output had it.
extension FileCatalogue {
    /// What one output lacks of one file.
    private struct Loss {
        var path: String
        var output: String
        var bytes: Int64
    }

    /// So many are said one by one.
    private static let lossesSaid = 5

    /// Says what is missing, once what is there has been looked through.
    ///
    /// - Parameter others: generations of the same files that another pipeline knows, and may know more of.
    /// - Returns: how many bytes.
    func reportLost(besides others: [Generation]) -> Int64 {
        var sum: Int64 = 0
        var losses: [Loss] = []
        let reaches = Dictionary(grouping: others) { FileStatus.Identity(device: $0.device, inode: $0.inode) }
        for (row, entry) in index.entries where !openRows.contains(row) && isMine(entry.path) {
            guard let generation = state.generation(row) else { continue }
            let same = (reaches[entry.identity] ?? []).filter { Self.areSame($0, generation) }
            let end = ([generation] + same).map { FileReport($0, outputs: outputs).read }.max() ?? 0
            let missing = outputs.map { (output: $0, bytes: Self.missing($0, in: generation, before: end)) }
            guard let most = missing.max(by: { $0.bytes < $1.bytes }), most.bytes > 0, place(of: generation) == nil,
                !mayBeElsewhere(generation)
            else { continue }
            sum += most.bytes
            for (output, bytes) in missing where bytes > 0 {
                losses.append(Loss(path: generation.path, output: output, bytes: bytes))
            }
        }
        say(losses)
        return sum
    }

    /// The largest of them, and what the rest comes to.
    private func say(_ losses: [Loss]) {
        let losses = losses.sorted { ($1.bytes, $0.path, $0.output) < ($0.bytes, $1.path, $1.output) }
        for loss in losses.prefix(Self.lossesSaid) {
            logger.error(
                "a file is gone that an output does not have all of",
                metadata: ["path": "\(loss.path)", "output": "\(loss.output)", "bytes": "\(loss.bytes)"]
            )
        }
        let rest = losses.dropFirst(Self.lossesSaid)
        if rest.isEmpty { return }
        let (bytes, files) = (rest.reduce(0) { $0 + $1.bytes }, Set(rest.map(\.path)).count)
        logger.error(
            "and more files are gone that an output does not have all of",
            metadata: ["files": "\(files)", "bytes": "\(bytes)"]
        )
    }

    private static func missing(_ output: String, in generation: Generation, before end: Int64) -> Int64 {
        guard let progress = generation.progress[output] else { return 0 }
        let beyond = progress.beyond.reduce(0) { $0 + Int64($1.count) }
        return max(0, end - progress.contiguous - beyond)
    }

    /// Whether two pipelines mean the same content: what is known of a beginning can be of another length.
    private static func areSame(_ left: Generation, _ right: Generation) -> Bool {
        left.identifier == right.identifier
            || (left.path == right.path && (left.head.length != right.head.length || left.head.hash == right.head.hash))
    }
}
