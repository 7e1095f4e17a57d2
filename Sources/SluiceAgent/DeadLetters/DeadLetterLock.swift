// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Held by the one command that changes a pipeline's dead letters: two that sent the same would send it twice. An agent
/// does not need it, because it only adds letters.
@safe
final class DeadLetterLock {
    private let descriptor: Int32

    /// - Parameter directory: the pipeline's folder.
    init(directory: String) throws(StateError) {
        let descriptor = unsafe open(directory + "/deadletters.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .directory(
                path: directory,
                reason: unsafe "'deadletters.lock' in it cannot be opened (\(String(cString: strerror(errno))))"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .deadLettersInUse(path: directory)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
