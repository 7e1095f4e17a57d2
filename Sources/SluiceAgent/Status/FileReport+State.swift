// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

extension FileReport {
    /// Of a generation whose file a running agent does not have; nil if every output has what was read of it.
    init?(gone generation: Generation, outputs: [String]) {
        self.init(generation, outputs: outputs)
        guard read > settled else { return nil }
        // What is under way is on its way, and not to be sent again.
        doubt = nil
        if let status = FileStatus(path: path), status.device == device, status.inode == inode {
            state = .closed
            why = "nothing more is read of it; what was read is being delivered"
        } else {
            state = .gone
            why = "the file is gone, and not all that was read of it has been delivered"
        }
    }

    /// What the state alone says of a generation.
    init(_ generation: Generation, outputs: [String]) {
        self.init(path: generation.path, state: .waitingForAgent)
        self.generation = generation.identifier
        device = generation.device
        inode = generation.inode
        for output in outputs { acknowledged[output] = generation.progress[output]?.contiguous }
        // The furthest that was handed on: known by the bytes before it, by what is under way, and by what arrived.
        read = max(
            generation.anchor?.end ?? 0,
            generation.underWay.map(\.range.upperBound).max() ?? 0,
            generation.progress.values.map(\.end).max() ?? 0
        )
        let repeated = Self.underWayBytes(generation)
        if repeated > 0 { doubt = "\(repeated) bytes were sent, and not all said yes to: they are sent again" }
    }

    /// Bytes that had been handed on and not been said yes to by every output.
    static func underWayBytes(_ generation: Generation) -> Int64 {
        generation.underWay.reduce(0) { $0 + Int64($1.range.count) }
    }
}
