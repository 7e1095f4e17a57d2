// SPDX-License-Identifier: Apache-2.0

/// From one byte of a file to another, the second not included.
package struct FileRange: BitwiseCopyable, Equatable, Sendable {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }
}
