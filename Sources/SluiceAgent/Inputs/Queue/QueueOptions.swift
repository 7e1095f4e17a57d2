// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What every input with a queue can be told.
struct QueueOptions: Sendable {
    var name: String
    /// The queue keeps so many bytes at most.
    var maximumBytes: Int
    /// Top-level fields of every event, each with its JSON.
    var fields: [(key: String, json: String)]
    /// Whether `log.source.address` and `host.name` are added.
    var addsMetadata: Bool

    static let defaultMaximumBytes = 256 << 20

    /// - Parameter type: of the input; with `number`, its name where it has none.
    init(_ section: ConfigurationSection, type: String, number: Int, hostName: String) {
        name = section.string("id", default: "\(type)-\(number)")
        maximumBytes = section.bytes("queue.max_bytes", default: Self.defaultMaximumBytes, in: (1 << 20)...(1 << 40))
        addsMetadata = section.boolean("metadata", default: true)
        fields = []
        let isRoot = section.boolean("fields_under_root", default: false)
        let tags = section.strings("tags")
        if !tags.isEmpty { fields.append(("tags", "[" + tags.map(JSONText.string).joined(separator: ",") + "]")) }
        if let node = section.node("fields"), !node.isNull {
            if let entries = node.entries {
                if isRoot {
                    for entry in entries { fields.append((entry.key, JSONText.json(entry.value))) }
                } else {
                    fields.append(("fields", JSONText.json(node)))
                }
                if fields.count > 6 {
                    section.report(
                        node,
                        "at most six fields can stand at the root of an input's events; use add_fields"
                    )
                    fields = Array(fields.prefix(6))
                }
            } else {
                section.reportWrongType(node, expected: "names with their values")
            }
        }
        if addsMetadata { fields.append(("host", "{\"name\":\(JSONText.string(hostName))}")) }
    }
}
