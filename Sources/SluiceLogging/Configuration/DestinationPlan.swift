// SPDX-License-Identifier: Apache-2.0

/// A destination that a configuration describes, before anything is opened for it.
struct DestinationPlan: Sendable, Equatable {
    enum Target: Sendable, Equatable {
        case standardOutput
        case standardError
        case file(FilePlan)
    }

    struct FilePlan: Sendable, Equatable {
        var path: String
        var rotation = RotationPolicy()
        var retention = RetentionPolicy()
        var compression: CompressionPolicy?
        var sync = SyncPolicy.never
    }

    var target: Target
    var mode = WritingMode.immediate

    /// Opens it.
    func open() throws(SystemError) -> any LogDestination {
        let destination: any LogDestination
        switch target {
        case .standardOutput: destination = ConsoleDestination.standardOutput
        case .standardError: destination = ConsoleDestination.standardError
        case .file(let plan):
            destination = try RotatingFile(
                path: plan.path,
                rotation: plan.rotation,
                retention: plan.retention,
                compression: plan.compression,
                sync: plan.sync
            )
        }
        return destination.writing(mode)
    }
}
