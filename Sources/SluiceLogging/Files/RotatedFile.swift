// SPDX-License-Identifier: Apache-2.0

/// An old file of a log, as it lies in the directory.
package struct RotatedFile: Equatable {
    package var name: RotatedName
    /// As rotation left it; nil if it has been compressed.
    package var original: Content?
    /// Compressed. Both are there if a crash came between the end of compressing and the removal of the original.
    package var compressed: Content?

    package struct Content: Equatable {
        /// Bytes.
        package var size: Int
        /// When it was last written to, in seconds since 1970-01-01T00:00:00Z.
        package var modified: Int64
        package var inode: UInt64

        package init(size: Int, modified: Int64, inode: UInt64) {
            self.size = size
            self.modified = modified
            self.inode = inode
        }
    }

    package init(name: RotatedName, original: Content? = nil, compressed: Content? = nil) {
        self.name = name
        self.original = original
        self.compressed = compressed
    }

    /// Bytes that it takes.
    package var size: Int { (original?.size ?? 0) + (compressed?.size ?? 0) }

    /// When it was last written to, in seconds since 1970-01-01T00:00:00Z.
    package var modified: Int64 { max(original?.modified ?? .min, compressed?.modified ?? .min) }
}
