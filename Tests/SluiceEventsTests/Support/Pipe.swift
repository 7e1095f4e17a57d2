// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// Lines through a parser and processors, and out as documents.
struct Pipe {
    var parser: any EventParser = JSONEventParser()
    var processors: ConfigurationNode?
    var context = ProcessorContext()
    /// Fields of the source, as JSON.
    var common: [(key: String, json: String)] = []
    var writesTimestamp = false
    /// When the lines were read, in nanoseconds.
    var readTime: Int64 = 1_700_000_000_000_000_000

    /// A batch with these lines in it, one behind the other in a file.
    func fill(_ batch: EventBatch, _ lines: [String]) {
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/var/log/a.log", common: common)
        var offset: Int64 = 0
        let total = lines.reduce(0) { $0 + Int64($1.utf8.count) + 1 }
        let segment = batch.openSegment(
            EventSegment(source: source, start: 0, end: total, time: readTime, timeOffset: 0)
        )
        for line in lines {
            let start = batch.arena.count
            batch.arena.append(line)
            let length = Int64(line.utf8.count) + 1
            batch.appendEvent(
                segment: segment,
                text: start..<batch.arena.count,
                file: offset..<(offset + length)
            )
            offset += length
        }
    }

    func documents(of batch: EventBatch) -> [String] {
        var encoder = DocumentEncoder(writesTimestamp: writesTimestamp)
        let output = ByteArena(capacity: 1024)
        var documents: [String] = []
        for event in 0..<batch.events.count where !batch.events[event].isDropped {
            output.removeAll()
            encoder.encode(batch, event, to: output)
            documents.append(output.string)
        }
        return documents
    }

    /// The documents of the events that are left.
    func run(_ lines: [String], in batch: EventBatch = EventBatch(capacity: 4096)) -> [String] {
        _ = process(lines, in: batch)
        return documents(of: batch)
    }

    func run(_ line: String) -> String { run([line]).first ?? "(dropped)" }

    func process(_ lines: [String], in batch: EventBatch = EventBatch(capacity: 4096)) -> EventPipeline.Counts {
        fill(batch, lines)
        let problems = ConfigurationProblems()
        let list = ProcessorList(node: processors, context: context, problems: problems)
        if !problems.isEmpty { return EventPipeline.Counts(parseFailures: -1, dropped: -1, processorFailures: -1) }
        return EventPipeline(parser: parser, processors: list).run(batch)
    }
}

/// Every problem of a `processors:`, one line each.
func problems(of processors: ConfigurationNode, context: ProcessorContext = ProcessorContext()) -> String {
    let problems = ConfigurationProblems()
    _ = ProcessorList(node: processors, context: context, problems: problems)
    return problems.description
}
