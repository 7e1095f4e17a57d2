// SPDX-License-Identifier: Apache-2.0

/// What one writer does, as the seed has it.
struct WriterPlan: Sendable {
    var number: Int
    var style: Style
    var format: LineFormat
    /// Whether the names that rotation gives match the input's patterns.
    var staysInPattern: Bool
    var seed: UInt64
    /// How many rotated files are kept, where the style deletes.
    var keeps: Int

    var label: String {
        "writer \(number) (\(style.rawValue), \(format.rawValue), \(staysInPattern ? "app.log*" : "app.log"))"
    }
}
