// SPDX-License-Identifier: Apache-2.0

/// Which of a container's outputs a line comes from.
package enum ContainerStream: UInt8, BitwiseCopyable, Sendable {
    /// It is not a container's line, or does not say.
    case none
    case standardOutput
    case standardError

    /// As the containers' runtimes write it; empty if there is none.
    package var name: StaticString {
        switch self {
        case .none: ""
        case .standardOutput: "stdout"
        case .standardError: "stderr"
        }
    }
}
