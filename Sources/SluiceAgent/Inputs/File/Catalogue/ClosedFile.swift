// SPDX-License-Identifier: Apache-2.0

/// A file that was closed, and where reading goes on if it has changed.
struct ClosedFile {
    /// The generation's, in the state.
    var row: Int64
    var position: Int64
    /// There was nothing more to read.
    var isFinished: Bool
    var size: Int64
    /// Nanoseconds since 1970; 0 if it changed while it was being closed.
    var modified: Int64

    /// Whether nothing is left to be read and the file is as it was. An inode can be given to another of the same size.
    func isAsBefore(_ status: FileStatus) -> Bool {
        isFinished && size == status.size && modified == status.modified
    }
}
