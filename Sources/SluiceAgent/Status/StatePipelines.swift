// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The pipelines that have a folder in a state directory.
package enum StatePipelines {
    package struct Folder: Sendable, Equatable {
        package var name: String
        package var directory: String

        /// Whether it is a pipeline's own, or that of one of its outputs that are not required.
        package func belongs(to pipeline: String) -> Bool { Self.name(name, belongsTo: pipeline) }

        package static func name(_ name: String, belongsTo pipeline: String) -> Bool {
            name == pipeline || name.hasPrefix(pipeline + "/")
        }
    }

    /// - Returns: those that have a `state.db`, by name; also those of outputs, in the folders of their pipelines.
    /// - Throws: if the directory cannot be read; one that is not there has none.
    package static func all(in directory: String) throws(StateError) -> [Folder] {
        guard let listing = unsafe opendir(directory) else {
            if errno == ENOENT { return [] }
            throw .directory(
                path: directory,
                reason: unsafe "it cannot be read (\(String(cString: strerror(errno))))"
            )
        }
        unsafe closedir(listing)
        return DirectoryListing.names(directory).sorted().flatMap { name in
            let folder = Folder(name: name, directory: directory == "/" ? "/" + name : directory + "/" + name)
            let ofOutputs = DirectoryListing.names(folder.directory).sorted().map { output in
                Folder(name: "\(name)/\(output)", directory: "\(folder.directory)/\(output)")
            }
            return ([folder] + ofOutputs).filter { unsafe access($0.directory + "/state.db", F_OK) == 0 }
        }
    }

    /// Whether an agent holds a pipeline's folder.
    package static func isHeld(_ directory: String) -> Bool {
        let lock = unsafe open(directory + "/lock", O_RDONLY | O_CLOEXEC)
        guard lock >= 0 else { return false }
        defer { close(lock) }
        return flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
