// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

extension ContainerMetadata {
    /// Where Docker keeps what it knows of a container, beside its log file; nil if the path is not one of Docker's.
    package static func dockerConfigurationPath(logPath: String) -> String? {
        guard let metadata = ContainerMetadata(path: logPath), metadata.containerID != nil, metadata.pod == nil,
            let slash = logPath.lastIndex(of: "/")
        else { return nil }
        return logPath[...slash] + "config.v2.json"
    }

    /// Reads Docker's `config.v2.json`: id, name, image and labels. What it does not say stays as it was.
    ///
    /// - Throws: if it is no JSON object.
    package mutating func read(dockerConfiguration text: ByteView) throws(JSONError) {
        let index = JSONIndex()
        try JSONScanner.scan(text, into: index)
        guard index.kind == .object else { throw JSONError(.notAnObject, at: 0) }
        var configuration: ByteView?
        for child in index.children {
            let value = text[child.value]
            if text[child.key] == ByteView("ID") {
                containerID = Self.string(value, child.kind) ?? containerID
            } else if text[child.key] == ByteView("Name") {
                // Docker writes it as a path.
                name = Self.string(value, child.kind).map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 } ?? name
            } else if text[child.key] == ByteView("Config"), child.kind == .object {
                configuration = value
            }
        }
        guard let configuration else { return }
        try JSONScanner.scan(configuration, into: index)
        var labels: ByteView?
        for child in index.children {
            let value = configuration[child.value]
            if configuration[child.key] == ByteView("Image") {
                image = Self.string(value, child.kind) ?? image
            } else if configuration[child.key] == ByteView("Labels"), child.kind == .object {
                labels = value
            }
        }
        guard let labels else { return }
        try JSONScanner.scan(labels, into: index)
        self.labels = index.children.compactMap { child in
            guard let value = Self.string(labels[child.value], child.kind) else { return nil }
            return Label(name: Self.unescaped(labels[child.key]), value: value)
        }
    }

    /// A JSON string's text; nil if it is empty or no string.
    private static func string(_ value: ByteView, _ kind: JSONKind) -> String? {
        guard kind == .string || kind == .escapedString, value.count > 2 else { return nil }
        return unescaped(value[1..<value.count - 1])
    }

    private static func unescaped(_ content: ByteView) -> String {
        let arena = ByteArena(capacity: 64)
        arena.appendUnescaped(content)
        return arena.string
    }
}
