// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

extension FileInput: Input {}

extension FileInputOptions: InputConfiguration {
    package var isQueued: Bool { queue != nil }

    package func json(in section: ConfigurationSection) -> JSONParserOptions? { framing.json }

    package func makeInput(_ environment: InputEnvironment) throws -> any Input {
        guard let queue else { return try makeInput(environment, pool: environment.pool, sink: environment.intake) }
        // It has as many batches as it fills while others wait for the disk.
        let pool = environment.pool.another(capacity: 2)
        let sink = QueueSink(pool: pool)
        let input = try makeInput(environment, pool: pool, sink: sink, countsEvents: false)
        let source = FileQueueSource(input, sink: sink)
        return try QueueInput(queue, counters: input.counters, source: source, countsBytes: false, environment)
    }

    private func makeInput(
        _ environment: InputEnvironment,
        pool: BatchPool,
        sink: any BatchSink,
        countsEvents: Bool = true
    ) throws -> FileInput {
        try FileInput(
            options: self,
            number: environment.number,
            state: environment.state,
            outputs: environment.outputs,
            pool: pool,
            sink: sink,
            countsEvents: countsEvents,
            ledger: environment.intake.ledger,
            batching: environment.batching,
            isOnce: environment.isOnce,
            otherGenerations: environment.otherGenerations,
            logger: environment.logger
        )
    }

    /// `queue`: `disk` or `memory`, or a mapping with `type`, `max_bytes` and `when_full`.
    static func readQueue(_ section: ConfigurationSection, name: String) -> QueueOptions? {
        let isScalar = section.node("queue").map { !$0.isNull && $0.entries == nil } ?? false
        let kind =
            isScalar
            ? section.choice("queue", default: Kind.memory) : section.choice("queue.type", default: Kind.memory)
        let maximumBytes = section.bytes(
            "queue.max_bytes",
            default: QueueOptions.defaultMaximumBytes,
            in: (1 << 20)...(1 << 40)
        )
        let overflow = section.choice("queue.when_full", default: QueueOverflow.hold)
        guard kind == .disk else { return nil }
        return QueueOptions(name: name, maximumBytes: maximumBytes, overflow: overflow)
    }

    private enum Kind: String, CaseIterable {
        case memory, disk
    }
}
