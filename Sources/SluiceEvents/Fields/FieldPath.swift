// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The name of a field as configurations write it: `level`, `log.file.path`, `[log][file][path]`.
///
/// As Filebeat reads it: at every level a key that is literally the whole rest of the name comes first, then the part
/// before the first dot.
package struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    package let text: String
    /// The parts between the dots. Never empty.
    package let components: [String]
    /// For each component, the rest of the name from there on, and the component alone, as they stand between quotes
    /// in JSON.
    let encodedRests: [[UInt8]]
    let encodedComponents: [[UInt8]]

    package init(_ text: String) {
        var name = text
        if text.hasPrefix("["), text.hasSuffix("]") {
            name = String(text.dropFirst().dropLast())
            var parts = ""
            var rest = name[...]
            // `a][b` and so on.
            while let bracket = rest.firstIndex(of: "]") {
                parts += rest[..<bracket]
                rest = rest[bracket...].dropFirst()
                if rest.first == "[" {
                    rest = rest.dropFirst()
                    parts += "."
                }
            }
            name = parts + rest
        }
        self.text = name
        isTimestamp = name == "@timestamp"
        isBelowTimestamp = name.hasPrefix("@timestamp.")
        let components = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        self.components = components
        encodedRests = components.indices.map { Self.encode(components[$0...].joined(separator: ".")) }
        encodedComponents = components.map(Self.encode)
    }

    static func encode(_ key: String) -> [UInt8] {
        let arena = ByteArena(capacity: 64)
        key.withByteView { _ = arena.appendJSONStringContent($0, isTrusted: true) }
        return arena.view.array
    }

    /// Whether it is `@timestamp`, which is no field but the event's time.
    package let isTimestamp: Bool
    /// Whether it names something inside `@timestamp`, where there can be nothing.
    let isBelowTimestamp: Bool
    package var description: String { text }
}
