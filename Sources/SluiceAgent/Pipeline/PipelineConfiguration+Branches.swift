// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// How a pipeline runs: what has to arrive as one, and each output that nobody waits for as a branch of its own, with a
/// reader, a queue and progress that are its alone. So it holds nothing back, and catches up by itself.
extension PipelineConfiguration {
    /// What is run: the trunk, unless it has no output, and the branches.
    ///
    /// - Parameter isApart: whether the progress of an output of this name is kept apart already; then it stays there,
    ///   whatever the configuration says by now.
    package func branches(isApart: (String) -> Bool) -> [PipelineConfiguration] {
        var trunk = self
        trunk.outputs = outputs.filter { $0.options.isRequired && !isApart($0.options.name) }
        let names = Set(trunk.outputs.map(\.options.name))
        let branches = outputs.filter { !names.contains($0.options.name) }.map { output in
            var branch = self
            branch.name = "\(name)/\(output.options.name)"
            branch.trunk = name
            branch.outputs = [output]
            return branch
        }
        return (trunk.outputs.isEmpty ? [] : [trunk]) + branches
    }

    /// Its progress is kept in a folder of this name.
    static func checkBranchName(_ options: OutputOptions, _ section: ConfigurationSection) {
        let isFolder =
            options.name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 < 0x7f } && !options.name.isEmpty
            && options.name != "." && options.name != ".."
        guard !options.isRequired, !isFolder else { return }
        section.report(
            section.node("name") ?? section.node,
            "the name of an output that is not required is also a folder's: no spaces and no '/'"
        )
    }
}
