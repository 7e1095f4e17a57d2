// SPDX-License-Identifier: Apache-2.0

/// The form that events have as lines.
///
/// Equal layouts make equal lines: an event that goes to several outputs is encoded once for each distinct layout.
///
/// A layout of one's own is a type that writes a record to a line:
///
/// ```swift
/// struct TabSeparated: LogLayout {
///     func write(_ record: borrowing LogRecord, to line: inout LogLine) {
///         line.append(record.logger)
///         line.append("\t")
///         line.append(record.message)
///     }
/// }
/// ```
public protocol LogLayout: Hashable, Sendable {
    /// The keys that the layout writes itself at the top level. Metadata under one of them gets an underscore behind
    /// its key.
    var reservedKeys: [String] { get }

    /// Writes the record as one line of UTF-8. A newline within it becomes a space, and one is added at its end.
    func write(_ record: borrowing LogRecord, to line: inout LogLine)

    /// The layout that a destination gets when this one is asked for.
    ///
    /// - Parameter isTerminal: people read the lines as they come.
    func adapted(isTerminal: Bool) -> Self
}

extension LogLayout {
    /// None.
    public var reservedKeys: [String] { [] }

    /// The same layout for everything.
    public func adapted(isTerminal: Bool) -> Self { self }

    func isEqual(to other: any LogLayout) -> Bool { (other as? Self) == self }
}

/// A layout that ends its lines itself and never writes another newline.
protocol BuiltInLayout: LogLayout {}

/// The layouts that come with the library, by the names that configurations use.
package enum BuiltInLayouts {
    package static let byName: [(name: String, layout: any LogLayout)] = [
        ("json", JSONLayout()),
        ("ecs", ECSLayout()),
        ("gcp", GoogleCloudLayout()),
        ("text", TextLayout()),
    ]

    /// All keys that any of them keeps for itself.
    static var reservedKeys: [String] { byName.flatMap(\.layout.reservedKeys) }
}
