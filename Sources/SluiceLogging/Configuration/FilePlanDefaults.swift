// SPDX-License-Identifier: Apache-2.0

/// What holds for a file where its handler says nothing.
enum FilePlanDefaults {
    /// One file that grows.
    static let never = DestinationPlan.FilePlan(path: "", rotation: .never, retention: .unlimited)
    /// The library's own: ten files of 10 MiB.
    static let rotating = DestinationPlan.FilePlan(path: "")
    /// Python's `RotatingFileHandler` never changes the file unless both numbers are given.
    static let python = DestinationPlan.FilePlan(
        path: "",
        rotation: .never,
        retention: RetentionPolicy(maximumCount: 0)
    )
}
