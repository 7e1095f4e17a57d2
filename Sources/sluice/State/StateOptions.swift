// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// Whose state it is about.
struct StateOptions: ParsableArguments {
    @Option(
        help: """
            The directory that progress is kept in. (default: /var/lib/sluice for root, otherwise ~/.local/state/sluice)
            """,
        completion: .directory
    )
    var state: String?

    @Option(help: "Only the pipeline of this name.")
    var pipeline: String?

    var directory: String { state ?? StateLocation.standard }

    /// The pipelines that are asked for; it is an error if there are none.
    func folders() throws -> [StatePipelines.Folder] {
        try StateFailure.reported {
            let all = try StatePipelines.all(in: directory)
            let folders = all.filter { folder in pipeline.map { folder.belongs(to: $0) } ?? true }
            if folders.isEmpty {
                if let pipeline, !all.isEmpty {
                    let names = all.map(\.name).joined(separator: ", ")
                    throw StateFailure("no pipeline in '\(directory)' is named '\(pipeline)'; there are: \(names)")
                }
                throw StateFailure("there is no state in '\(directory)': name its directory with --state")
            }
            return folders
        }
    }

    /// What the pipelines' states hold; none of them may have an agent.
    func generations() throws -> [(pipeline: String, generation: Generation, updated: Int64)] {
        var generations: [(pipeline: String, generation: Generation, updated: Int64)] = []
        for folder in try folders() {
            try StateFailure.reported {
                if StatePipelines.isHeld(folder.directory) { throw StateError.locked(path: folder.directory) }
                let state = try StateReader(directory: folder.directory)
                generations += state.generations.map { (folder.name, $0, state.updated[$0.row] ?? 0) }
            }
        }
        return generations
    }

    /// The pipelines' states, to be changed.
    func editors() throws -> [(folder: StatePipelines.Folder, editor: StateEditor)] {
        try folders().map { folder in
            (folder, try StateFailure.reported { try StateEditor(directory: folder.directory) })
        }
    }
}
