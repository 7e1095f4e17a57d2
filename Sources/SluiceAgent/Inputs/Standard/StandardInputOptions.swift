// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What an input of type `stdin` can be told.
struct StandardInputOptions: InputConfiguration {
    var queue: QueueOptions
    /// A line is cut to this many bytes.
    var maximumBytes: Int

    var name: String { queue.name }
    var isQueued: Bool { true }

    init(_ section: ConfigurationSection, number: Int, _ context: ProcessorContext) {
        queue = QueueOptions(section, type: "stdin", number: number, hostName: context.host.name)
        maximumBytes = section.bytes("max_bytes", default: 1 << 20, in: 16...(64 << 20))
    }

    func makeInput(_ environment: InputEnvironment) throws -> any Input {
        try QueueInput(
            queue,
            counters: InputCounters(name: name),
            source: StandardInputSource(maximumBytes: maximumBytes),
            environment
        )
    }
}
