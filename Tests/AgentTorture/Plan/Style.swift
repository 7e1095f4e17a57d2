// SPDX-License-Identifier: Apache-2.0

/// How a writer's file is rotated.
enum Style: String, CaseIterable, Sendable {
    /// The file gets another name, a new one is made in its place.
    case rename
    /// The same, but the writer goes on with the old one for a while.
    case renameNoCreate = "rename-nocreate"
    /// The file is copied, then truncated.
    case copyTruncate = "copytruncate"
    /// `app.log.1` is the newest, the oldest is overwritten: Python's RotatingFileHandler.
    case numbered
    /// The same, but the oldest is deleted, and a new file is made before the writer knows of it: logrotate's `create`.
    case logrotate
    /// `app.log-20261124-7`; the oldest is deleted.
    case dated
    /// Compressed at once.
    case gzip
    /// Compressed at the next rotation: logrotate's `delaycompress`.
    case gzipLater = "gzip-later"
    /// Deleted at once.
    case delete
    /// Truncated, and no copy is made.
    case truncate
    /// Another file is renamed over it.
    case replace
    /// The old content has two names for a while.
    case hardLink = "hard-link"
    /// The file leaves the directory and comes back.
    case moved
    /// Several processes write to one file, which is renamed.
    case processes
}
