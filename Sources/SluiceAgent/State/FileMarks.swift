// SPDX-License-Identifier: Apache-2.0

/// By what the content of a generation is found again where its file has gone.
package struct FileMarks: Equatable, Sendable {
    /// Places in what was read, in the order of their ends: a copy that ends before the last is known by another.
    package var anchors: [FileFingerprint] = []
    /// When the file was written to last, as of the last time that something was read: nanoseconds since 1970, by the
    /// clock of the file system; 0 if nothing was.
    package var modified: Int64 = 0
    /// Of a compressed file that was read to its end: the size that it had, when it was made, and the size of its text;
    /// 0 otherwise.
    package var compressedSize: Int64 = 0
    package var compressedModified: Int64 = 0
    package var textSize: Int64 = 0

    package init() {}
}
