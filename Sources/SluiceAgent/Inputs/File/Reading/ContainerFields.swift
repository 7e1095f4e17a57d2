// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceBytes
import SluiceEvents

/// What is known of the container that writes a log file: from the file's path, from the path that it leads to, and from
/// what Docker keeps beside it.
enum ContainerFields {
    /// The top-level fields, each with its JSON; none if the path is not that of a container.
    static func read(path: String, logger: Logger) -> [(key: String, json: String)] {
        let target = resolved(path)
        guard var metadata = ContainerMetadata(path: path) ?? ContainerMetadata(path: target) else { return [] }
        if let other = ContainerMetadata(path: target) { metadata.fill(from: other) }
        let configuration =
            ContainerMetadata.dockerConfigurationPath(logPath: target)
            ?? ContainerMetadata.dockerConfigurationPath(logPath: path)
        if let configuration, let text = TextFile.bytes(configuration) {
            do throws(JSONError) {
                try text.withByteView { (text) throws(JSONError) in try metadata.read(dockerConfiguration: text) }
            } catch {
                logger.warning(
                    "Docker's file about a container cannot be understood: events go without its name and labels",
                    metadata: ["path": "\(configuration)", "reason": "\(error)"]
                )
            }
        }
        return metadata.fields()
    }

    /// Where a path leads, links followed; the path itself if it leads nowhere.
    private static func resolved(_ path: String) -> String {
        guard let found = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}

extension ContainerMetadata {
    /// Takes over what is not known yet.
    fileprivate mutating func fill(from other: ContainerMetadata) {
        namespace = namespace ?? other.namespace
        pod = pod ?? other.pod
        podUID = podUID ?? other.podUID
        container = container ?? other.container
        restartCount = restartCount ?? other.restartCount
        containerID = containerID ?? other.containerID
    }
}
