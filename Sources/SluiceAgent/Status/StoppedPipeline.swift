// SPDX-License-Identifier: Apache-2.0

/// What the state, and the files as they are now, say of a pipeline that no agent answers for.
package enum StoppedPipeline {
    /// - Parameter limit: how many files, the most lagging first; nil for all.
    package static func report(_ folder: StatePipelines.Folder, limit: Int?) throws(StateError) -> PipelineReport {
        let state = try StateReader(directory: folder.directory)
        var report = PipelineReport(name: folder.name, isRunning: false, moment: SystemClock.now())
        let outputs = Set(state.generations.flatMap(\.progress.keys)).union(state.deadLetters.keys)
            .union(state.queues.flatMap(\.unacknowledged.keys)).sorted()
        // The newest generation of a file has it; what is left of older ones is gone.
        var newest: [FileStatus.Identity: Int64] = [:]
        for generation in state.generations {
            let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
            newest[identity] = max(newest[identity] ?? 0, generation.row)
        }
        var families = FileFamilies()
        let files = state.generations.compactMap { generation -> FileReport? in
            let identity = FileStatus.Identity(device: generation.device, inode: generation.inode)
            let file = newest[identity] == generation.row ? find(generation, identity, &families) : nil
            guard let file else { return FileReport(gone: generation, outputs: outputs) }
            var report = FileReport(generation, outputs: outputs)
            report.path = file.path
            report.size = file.status.size
            report.modified = file.status.modified
            report.lastRead = state.updated[generation.row]
            if file.status.size < report.settled {
                report.why = "it is shorter than what was read: it is read from its beginning"
                report.acknowledged = report.acknowledged.mapValues { _ in 0 }
                report.read = 0
            } else if report.lag == 0 {
                report.state = .atEnd
            }
            if report.lag > 0 { report.unreadSince = file.status.modified }
            return report
        }
        report.outputs = outputs.map { name in
            var output = OutputReport(name: name)
            output.take(state.deadLetters[name])
            output.count(files, state.queues)
            return output
        }
        report.queues = state.queues
        report.take(files, limit: limit)
        return report
    }

    /// Where a generation's file is now: under its name, or one that rotation gave it.
    private static func find(
        _ generation: Generation,
        _ identity: FileStatus.Identity,
        _ families: inout FileFamilies
    ) -> (path: String, status: FileStatus)? {
        if let status = FileStatus(path: generation.path), status.identity == identity {
            return (generation.path, status)
        }
        for path in families.of(generation.path) {
            if let status = FileStatus(path: path), status.identity == identity { return (path, status) }
        }
        return nil
    }
}
