// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What every input with a queue can be told.
struct QueueOptions: Sendable {
    var name: String
    /// The queue keeps so many bytes at most.
    var maximumBytes: Int
    var overflow = QueueOverflow.hold
    /// Top-level fields of every event, each with its JSON.
    var fields: [(key: String, json: String)]
    /// Whether `log.source.address` and `host.name` are added.
    var addsMetadata: Bool

    static let defaultMaximumBytes = 256 << 20

    /// - Parameter type: of the input; with `number`, its name where it has none.
    init(_ section: ConfigurationSection, type: String, number: Int, hostName: String) {
        name = section.string("id", default: "\(type)-\(number)")
        maximumBytes = section.bytes("queue.max_bytes", default: Self.defaultMaximumBytes, in: (1 << 20)...(1 << 40))
        overflow = section.choice("queue.when_full", default: QueueOverflow.hold)
        addsMetadata = section.boolean("metadata", default: true)
        fields = InputFields.read(section)
        if addsMetadata { fields.append(("host", "{\"name\":\(JSONText.string(hostName))}")) }
    }

    /// Of events that have all of their fields already.
    init(name: String, maximumBytes: Int, overflow: QueueOverflow) {
        self.name = name
        self.maximumBytes = maximumBytes
        self.overflow = overflow
        fields = []
        addsMetadata = false
    }
}
