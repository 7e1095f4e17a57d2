// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

extension MeasuredPart {
    /// The way of a batch between reading and compressing: parsed as JSON, three fields added, written as a bulk
    /// request's lines.
    static let events = MeasuredPart(name: "events") { input throws(ToolError) in
        let bench = try EventsBench(input)
        let count = input.lines.count
        let bytes = input.corpus.count
        return [
            Measurement("fill", bytes: bytes, events: count, rounds: input.rounds) { bench.run(.fill) },
            Measurement("fill+parse", bytes: bytes, events: count, rounds: input.rounds) { bench.run(.parse) },
            Measurement("fill+parse+process", bytes: bytes, events: count, rounds: input.rounds) {
                bench.run(.process)
            },
            Measurement("fill+parse+process+encode", bytes: bytes, events: count, rounds: input.rounds) {
                bench.run(.encode)
            },
        ]
    }
}

/// One batch, filled again and again.
private final class EventsBench {
    /// How far a batch goes.
    enum Stage: Int {
        case fill
        case parse
        case process
        case encode
    }

    private let input: MeasureInput
    /// Ranges of `input.lines`, of about 1 MiB of text each.
    private var blocks: [Range<Int>] = []
    private let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: "/var/log/corpus.log")
    private let batch = EventBatch(capacity: 2 << 20)
    private let parser = JSONEventParser()
    private let processor: any Processor
    private var encoder = DocumentEncoder(writesTimestamp: true)
    private let output = ByteArena(capacity: 4 << 20)

    init(_ input: MeasureInput) throws(ToolError) {
        self.input = input
        let problems = ConfigurationProblems()
        let node: ConfigurationNode = [
            "target": "",
            "fields": ["service": "mlops-api", "environment": "production", "region": "eu-central"],
        ]
        let section = ConfigurationSection(node, problems: problems)
        let made = ProcessorTable.makers["add_fields"]?(section, ProcessorContext())
        guard let made else { throw ToolError("add_fields could not be made: \(problems)", code: 70) }
        processor = made
        var first = 0
        for index in input.lines.indices
        where input.lines[index].upperBound - input.lines[first].lowerBound >= 1 << 20 {
            blocks.append(first..<index + 1)
            first = index + 1
            if first == input.lines.count { break }
        }
        if first < input.lines.count { blocks.append(first..<input.lines.count) }
    }

    func run(_ last: Stage) {
        for block in blocks {
            fill(block)
            guard last.rawValue >= Stage.parse.rawValue else { continue }
            _ = parser.parse(batch)
            guard last.rawValue >= Stage.process.rawValue else { continue }
            processor.process(batch, selected: EventMask(count: batch.events.count, isSet: true))
            guard last.rawValue >= Stage.encode.rawValue else { continue }
            output.removeAll()
            for event in 0..<batch.events.count {
                output.append("{\"create\":{\"_id\":\"")
                batch.appendID(of: event, to: output)
                output.append("\"}}\n")
                encoder.encode(batch, event, to: output)
                output.append(UInt8(ascii: "\n"))
            }
        }
    }

    private func fill(_ block: Range<Int>) {
        batch.removeAll(arenaLimit: 8 << 20)
        let start = input.lines[block.lowerBound].lowerBound
        let end = input.lines[block.upperBound - 1].upperBound + 1
        batch.arena.append(input.corpus.view(start..<end))
        let segment = batch.openSegment(
            EventSegment(
                source: source,
                start: Int64(start),
                end: Int64(end),
                time: 1_795_318_320_000_000_000,
                timeOffset: Int64(start)
            )
        )
        for line in input.lines[block] {
            batch.appendEvent(
                segment: segment,
                text: (line.lowerBound - start)..<(line.upperBound - start),
                file: Int64(line.lowerBound)..<Int64(line.upperBound + 1)
            )
        }
    }
}
