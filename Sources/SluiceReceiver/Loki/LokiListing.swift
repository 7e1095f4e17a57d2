// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite

/// Answers about what there is: labels, their values, streams, fields.
struct LokiListing {
    let database: SQLiteDatabase
    let tenant: String

    private func streams(_ matchers: [LabelMatcher], _ span: Range<Int64>) throws -> [StoredStream] {
        // An end without a fraction means that second as well.
        let span = span.lowerBound..<(span.upperBound + 1)
        return try StoredStream.all(tenant: tenant, matchers: matchers, in: database)
            .filter { try $0.hasEntries(in: span, database) }
    }

    private func success(_ data: JSONValue) -> ByteArena {
        JSONValue.object(["status": .string("success"), "data": data]).bytes
    }

    private func success(_ texts: Set<String>) -> ByteArena {
        success(.array(texts.sorted().map { .string($0) }))
    }

    func labelNames(_ matchers: [LabelMatcher], _ span: Range<Int64>) throws -> ByteArena {
        success(Set(try streams(matchers, span).flatMap { $0.labels.labels.map(\.name) }))
    }

    func labelValues(_ name: String, _ matchers: [LabelMatcher], _ span: Range<Int64>) throws -> ByteArena {
        success(Set(try streams(matchers, span).compactMap { $0.labels[name] }))
    }

    func series(_ groups: [[LabelMatcher]], _ span: Range<Int64>) throws -> ByteArena {
        var seen: Set<Int64> = []
        let arena = ByteArena(capacity: 4096)
        arena.append("{\"status\":\"success\",\"data\":[")
        for matchers in groups {
            for stream in try streams(matchers, span) where seen.insert(stream.id).inserted {
                if seen.count > 1 { arena.append(UInt8(ascii: ",")) }
                stream.labels.write(to: arena)
            }
        }
        arena.append("]}")
        return arena
    }

    /// Chunks are a thing of the real Loki's; each stream counts as one.
    func stats(_ matchers: [LabelMatcher], _ span: Range<Int64>) throws -> ByteArena {
        let found = try streams(matchers, span)
        var entries: Int64 = 0
        var bytes: Int64 = 0
        let select = try database.prepare(
            "SELECT count(*), sum(length(line)) FROM entries WHERE stream = ? AND ns >= ? AND ns < ?"
        )
        defer { select.reset() }
        for stream in found {
            select.reset()
            try select.bind(integer: stream.id, at: 1)
            try select.bind(integer: span.lowerBound, at: 2)
            try select.bind(integer: span.upperBound, at: 3)
            guard try select.step() else { continue }
            entries += select.integer(at: 0)
            bytes += select.integer(at: 1)
        }
        return JSONValue.object([
            "streams": .integer(found.count), "chunks": .integer(found.count), "entries": .integer(entries),
            "bytes": .integer(bytes),
        ]).bytes
    }

    /// The fields of a sample of lines: of JSON objects, of logfmt, of structured metadata.
    func detectedFields(_ selector: LogSelector, _ span: Range<Int64>, _ lineLimit: Int) throws -> ByteArena {
        let entries = try LogQuery(
            database: database,
            tenant: tenant,
            selector: selector,
            span: span,
            limit: min(max(lineLimit, 1), 5000),
            isForward: false
        ).run()
        struct Field {
            var values: Set<String> = []
            var parsers: Set<String> = []
        }
        var fields: [String: Field] = [:]
        let extractor = FieldExtractor()
        for entry in entries {
            let (labels, parser): ([LabelSet.Label], String) = entry.line.withByteView { line in
                if !line.isEmpty, line[0] == UInt8(ascii: "{") { return (extractor.json(line) ?? [], "json") }
                return (extractor.logfmt(line) ?? [], "logfmt")
            }
            for label in labels {
                fields[label.name, default: Field()].values.insert(label.value)
                fields[label.name]?.parsers.insert(parser)
            }
            for label in entry.metadata.labels { fields[label.name, default: Field()].values.insert(label.value) }
        }
        let list = fields.sorted { $0.key < $1.key }.prefix(1000).map { name, field in
            JSONValue.object([
                "label": .string(name), "type": .string(Self.type(field.values)),
                "cardinality": .integer(field.values.count),
                "parsers": field.parsers.isEmpty ? .null : .array(field.parsers.sorted().map { .string($0) }),
            ])
        }
        return JSONValue.object(["fields": .array(list), "limit": .integer(1000)]).bytes
    }

    private static func type(_ values: Set<String>) -> String {
        if values.allSatisfy({ Int($0) != nil }) { return "int" }
        if values.allSatisfy({ Double($0) != nil }) { return "float" }
        if values.allSatisfy({ $0 == "true" || $0 == "false" }) { return "boolean" }
        if values.allSatisfy({ DurationText.nanoseconds($0) != nil }) { return "duration" }
        if values.allSatisfy({ ByteSizeText.bytes($0) != nil }) { return "bytes" }
        return "string"
    }

    func detectedLabels(_ matchers: [LabelMatcher], _ span: Range<Int64>) throws -> ByteArena {
        var values: [String: Set<String>] = [:]
        for stream in try streams(matchers, span) {
            for label in stream.labels.labels { values[label.name, default: []].insert(label.value) }
        }
        let list = values.sorted { $0.key < $1.key }.map { name, values in
            JSONValue.object(["label": .string(name), "cardinality": .integer(values.count)])
        }
        return JSONValue.object(["detectedLabels": .array(list)]).bytes
    }
}
