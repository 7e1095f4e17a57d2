// SPDX-License-Identifier: Apache-2.0

/// Which old files are kept; all that is given must be fulfilled.
///
/// Files are removed when the log is opened and when it is rotated, the oldest first, and only those whose names
/// rotation gives: `app.log.2026-11-22.bak` and `app.log.old` are nobody's business.
public struct RetentionPolicy: Sendable, Equatable {
    /// The most old files; nil for no limit. With 0 the file is never changed, as in Python.
    public var maximumCount: Int?
    /// Old files last written to longer ago than this are removed; nil for no limit.
    public var maximumAge: Duration?
    /// The most bytes that old files take together, as they lie on the disk; nil for no limit.
    public var maximumTotalBytes: Int?

    /// - Parameters:
    ///   - maximumCount: the most old files.
    ///   - maximumAge: the longest that an old file is kept.
    ///   - maximumTotalBytes: the most bytes that old files take together.
    public init(maximumCount: Int? = 10, maximumAge: Duration? = nil, maximumTotalBytes: Int? = nil) {
        self.maximumCount = maximumCount
        self.maximumAge = maximumAge
        self.maximumTotalBytes = maximumTotalBytes
    }

    /// Nothing is removed.
    public static let unlimited = RetentionPolicy(maximumCount: nil)

    /// Which files are to go.
    ///
    /// - Parameters:
    ///   - files: the old files, the newest first.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    package func excess(of files: [RotatedFile], now: Int64) -> [RotatedFile] {
        var excess: [RotatedFile] = []
        var count = 0
        var total = 0
        for file in files {
            count += 1
            total += file.size
            let age = Duration.seconds(now - file.modified)
            if let maximumCount, count > max(0, maximumCount) {
                excess.append(file)
            } else if let maximumAge, age > maximumAge {
                excess.append(file)
            } else if let maximumTotalBytes, total > maximumTotalBytes {
                excess.append(file)
            }
        }
        return excess
    }
}
