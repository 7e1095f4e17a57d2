// SPDX-License-Identifier: Apache-2.0

/// How the lines that containers' runtimes write are read: Filebeat's parser and input `container`.
package struct ContainerOptions: Sendable, Equatable {
    package enum Format: String, CaseIterable, Sendable {
        /// A line that begins with a brace is Docker's, any other is CRI's.
        case automatic = "auto"
        case docker
        case cri
    }

    /// Which output of a container is wanted.
    package enum Stream: String, CaseIterable, Sendable {
        case all, stdout, stderr
    }

    package var format = Format.automatic
    package var stream = Stream.all

    package init() {}

    /// Reads `format` and `stream`.
    package init(_ section: ConfigurationSection) {
        format = section.choice("format", default: .automatic)
        stream = section.choice("stream", default: .all)
    }

    func keeps(_ stream: ContainerStream) -> Bool {
        switch self.stream {
        case .all: true
        case .stdout: stream == .standardOutput
        case .stderr: stream == .standardError
        }
    }
}
