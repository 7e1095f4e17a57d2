// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What is known of a container without asking anybody: from its log file's path, and from Docker's own file about it.
/// The fields are those of Filebeat and the Elastic Common Schema.
package struct ContainerMetadata: Equatable, Sendable {
    package var namespace: String?
    package var pod: String?
    package var podUID: String?
    /// The container's name in its pod.
    package var container: String?
    /// How often Kubernetes had restarted the container when the file was begun.
    package var restartCount: Int?
    package var containerID: String?
    /// The container's name at Docker.
    package var name: String?
    package var image: String?
    package var labels: [Label] = []

    package struct Label: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init() {}

    /// Reads the path of a log file, below any root:
    ///
    /// - `/var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log`
    /// - `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log`
    /// - `/var/lib/docker/containers/ID/ID-json.log`
    ///
    /// each also with what rotation adds to the name. Nil if it is none of them. Names of Kubernetes have no underscore,
    /// so the parts are never in doubt.
    package init?(path: String) {
        let parts = path.split(separator: "/")
        guard parts.count >= 2, let file = parts.last else { return nil }
        let isFound =
            parts.count >= 4 && parts[parts.count - 4] == "pods"
            ? readPod(parts[parts.count - 3], container: parts[parts.count - 2], file: file)
            : parts[parts.count - 2] == "containers"
                ? readContainer(file)
                : parts.count >= 3 && parts[parts.count - 3] == "containers"
                    && readDocker(parts[parts.count - 2], file: file)
        guard isFound else { return nil }
    }

    private mutating func readPod(_ folder: Substring, container: Substring, file: Substring) -> Bool {
        let names = folder.split(separator: "_", omittingEmptySubsequences: false)
        guard names.count == 3, names.allSatisfy({ !$0.isEmpty }), let restarts = Self.stem(file).flatMap({ Int($0) }),
            restarts >= 0
        else { return false }
        namespace = String(names[0])
        pod = String(names[1])
        podUID = String(names[2])
        self.container = String(container)
        restartCount = restarts
        return true
    }

    private mutating func readContainer(_ file: Substring) -> Bool {
        guard let stem = Self.stem(file) else { return false }
        let names = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard names.count == 3, names.allSatisfy({ !$0.isEmpty }), let hyphen = names[2].lastIndex(of: "-") else {
            return false
        }
        let id = names[2][names[2].index(after: hyphen)...]
        guard Self.isID(id), hyphen > names[2].startIndex else { return false }
        pod = String(names[0])
        namespace = String(names[1])
        container = String(names[2][..<hyphen])
        containerID = String(id)
        return true
    }

    private mutating func readDocker(_ folder: Substring, file: Substring) -> Bool {
        guard Self.isID(folder), Self.stem(file) == folder + "-json" else { return false }
        containerID = String(folder)
        return true
    }

    /// A name up to `.log`; nil if there is none.
    private static func stem(_ file: Substring) -> Substring? {
        let parts = file.split(separator: ".", omittingEmptySubsequences: false)
        guard let index = parts.dropFirst().firstIndex(of: "log"), index > 0 else { return nil }
        return file[..<parts[index - 1].endIndex]
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    // MARK: Fields

    /// The top-level fields, each with its JSON, for `EventSource`.
    ///
    /// - Parameter dedotsLabels: a dot in a label's name becomes an underscore, as Filebeat does it by default:
    ///   Elasticsearch would take `a` and `a.b` for a contradiction.
    package func fields(dedotsLabels: Bool = true) -> [(key: String, json: String)] {
        var fields: [(key: String, json: String)] = []
        let pod = Self.object([("name", pod.map(Self.string)), ("uid", podUID.map(Self.string))])
        let inPod = Self.object([
            ("name", container.map(Self.string)), ("restart_count", restartCount.map { String($0) }),
        ])
        if let kubernetes = Self.object([
            ("namespace", namespace.map(Self.string)), ("pod", pod), ("container", inPod),
        ]) {
            fields.append(("kubernetes", kubernetes))
        }
        let labels = Self.object(
            Dictionary(
                self.labels.map { (dedotsLabels ? String($0.name.map { $0 == "." ? "_" : $0 }) : $0.name, $0.value) },
                uniquingKeysWith: { $1 }
            ).sorted { $0.key < $1.key }.map { ($0.key, Self.string($0.value)) }
        )
        if let container = Self.object([
            ("id", containerID.map(Self.string)), ("name", name.map(Self.string)),
            ("image", Self.object([("name", image.map(Self.string))])), ("labels", labels),
        ]) {
            fields.append(("container", container))
        }
        return fields
    }

    /// Nil if there are no members.
    private static func object(_ members: [(key: String, json: String?)]) -> String? {
        let written = members.compactMap { member in member.json.map { string(member.key) + ":" + $0 } }
        return written.isEmpty ? nil : "{" + written.joined(separator: ",") + "}"
    }

    private static func string(_ text: String) -> String {
        let arena = ByteArena(capacity: 64)
        arena.appendJSONString(text)
        return arena.string
    }
}
