// SPDX-License-Identifier: Apache-2.0

/// The processes that write to one file.
final class AppenderGroup {
    private let processes: [ChildProcess]
    private let family: FileFamily

    init(plan: WriterPlan, seed: UInt64, family: FileFamily) throws(Failure) {
        self.family = family
        var processes: [ChildProcess] = []
        for _ in 0..<3 {
            processes.append(
                try ChildProcess(
                    [
                        ChildProcess.ownPath, "append", "--file", family.path(Writer.file),
                        "--writer", String(plan.number), "--seed", String(seed), "--format", plan.format.rawValue,
                    ],
                    output: .pipe
                )
            )
        }
        self.processes = processes
    }

    /// All open the file that has the usual name now.
    func reopen() throws(Failure) {
        for process in processes { try process.send("open\n") }
        for process in processes { try expectDone(process) }
    }

    /// All write at once; each its share of the lines.
    func write(lines count: Int, from number: inout Int) throws(Failure) {
        let first = number
        for (index, process) in processes.enumerated() {
            let share = count * (index + 1) / processes.count - count * index / processes.count
            try process.send("write \(number) \(share)\n")
            number += share
        }
        for process in processes { try expectDone(process) }
        for line in first..<number { family.ledger.setLine(line, content: family.content) }
    }

    func end() {
        for process in processes { process.kill() }
    }

    private func expectDone(_ process: ChildProcess) throws(Failure) {
        let answer = try process.receiveLine()
        guard answer == "done" else { throw Failure("a writing process said '\(answer)'") }
    }
}
