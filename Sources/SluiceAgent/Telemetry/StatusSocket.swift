// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The Unix socket `status.sock` in a pipeline's folder, by which `sluice status` finds an agent that listens nowhere
/// else.
@safe
package final class StatusSocket: Sendable {
    /// What `sockaddr_un` holds, less the NUL at its end.
    private static let maximumPath = 107

    private let path: String
    private let directory: Int32
    /// The path to give to the system: the socket's own, or a shorter one to the same place. Good as long as this object
    /// lives.
    package let address: String

    /// - Parameter directory: the pipeline's folder.
    package init(directory path: String) {
        self.path = path + "/status.sock"
        if self.path.utf8.count <= Self.maximumPath {
            directory = -1
            address = self.path
        } else {
            directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            address = "/proc/self/fd/\(directory)/status.sock"
        }
    }

    deinit { if directory >= 0 { close(directory) } }

    /// Whether there is something under its name.
    package var exists: Bool { unsafe access(path, F_OK) == 0 }

    /// Nobody but its owner may ask: paths of files can be telling.
    func protect() { _ = unsafe chmod(path, 0o600) }

    /// Takes it away, as a kill leaves it behind. Whoever calls holds the folder's lock.
    func remove() { _ = unsafe unlink(path) }
}
