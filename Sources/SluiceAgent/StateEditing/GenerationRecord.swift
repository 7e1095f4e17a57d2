// SPDX-License-Identifier: Apache-2.0

/// A generation as a line of NDJSON: what `sluice state export` writes and `import` reads.
///
/// `{"pipeline", "generation", "path", "device", "inode", "head": {"length", "hash"}, "anchor": {"offset", "length",
/// "hash"}, "outputs": {NAME: {"offset", "beyond": [[start, end]]}}, "under_way": [{"start", "end", "time",
/// "time_offset"}]}`. Offsets are bytes, times nanoseconds since 1970, hashes XXH64 in hexadecimal.
package enum GenerationRecord {
    package static func write(_ generation: Generation, pipeline: String) -> String {
        var object = JSONObjectText()
        object.add("pipeline", pipeline)
        object.add("generation", generation.identifier)
        object.add("path", generation.path)
        object.add("device", generation.device)
        object.add("inode", generation.inode)
        object.add("head", json: write(generation.head, hasOffset: false))
        if let anchor = generation.anchor { object.add("anchor", json: write(anchor, hasOffset: true)) }
        var outputs = JSONObjectText()
        for name in generation.progress.keys.sorted() {
            guard let ranges = generation.progress[name] else { continue }
            var output = JSONObjectText()
            output.add("offset", ranges.contiguous)
            if !ranges.beyond.isEmpty {
                output.add("beyond", ranges.beyond.map { "[\($0.lowerBound),\($0.upperBound)]" })
            }
            outputs.add(name, json: output.text)
        }
        object.add("outputs", json: outputs.text)
        let underWay = generation.underWay.map { part in
            var range = JSONObjectText()
            range.add("start", part.range.lowerBound)
            range.add("end", part.range.upperBound)
            range.add("time", part.time)
            range.add("time_offset", part.timeOffset)
            return range.text
        }
        if !underWay.isEmpty { object.add("under_way", underWay) }
        return object.text
    }

    /// - Returns: the name of the pipeline, and the generation with the row 0.
    /// - Throws: in words, what is missing or wrong.
    package static func read(_ content: JSONContent) throws(Problem) -> (pipeline: String, generation: Generation) {
        let pipeline = try text("pipeline", content)
        guard !pipeline.isEmpty, pipeline != ".", pipeline != "..", !pipeline.contains("/") else {
            throw Problem("'pipeline' is not a pipeline's name")
        }
        let identifier = try text("generation", content)
        guard !identifier.isEmpty else { throw Problem("'generation' is empty") }
        guard let device = content["device"]?.unsigned, let inode = content["inode"]?.unsigned else {
            throw Problem("'device' and 'inode' have to be whole numbers")
        }
        guard let head = content["head"], let headHash = hash(head) else { throw Problem("'head' has no 'hash'") }
        var generation = Generation(
            row: 0,
            identifier: identifier,
            path: try text("path", content),
            device: device,
            inode: inode,
            head: FileFingerprint(offset: 0, length: try length(head), hash: headHash)
        )
        if let anchor = content["anchor"], anchor != .null {
            guard let anchorHash = hash(anchor) else { throw Problem("'anchor' has no 'hash'") }
            generation.anchor = FileFingerprint(
                offset: try offset("offset", anchor),
                length: try length(anchor),
                hash: anchorHash
            )
        }
        guard let outputs = content["outputs"]?.members else { throw Problem("'outputs' is missing") }
        for (name, output) in outputs {
            var ranges = ByteRanges(contiguous: try offset("offset", output))
            for range in output["beyond"]?.elements ?? [] {
                guard let bounds = range.elements?.compactMap(\.integer), bounds.count == 2, 0 <= bounds[0],
                    bounds[0] < bounds[1]
                else { throw Problem("'beyond' has to be pairs of offsets") }
                ranges.insert(bounds[0]..<bounds[1])
            }
            generation.progress[name] = ranges
        }
        for part in content["under_way"]?.elements ?? [] {
            let (start, end) = (try offset("start", part), try offset("end", part))
            guard start < end, let time = part["time"]?.integer else {
                throw Problem("'under_way' has to be ranges with a time")
            }
            generation.underWay.append(
                .init(range: start..<end, time: time, timeOffset: try offset("time_offset", part))
            )
        }
        return (pipeline, generation)
    }

    /// What is wrong with a record, in words.
    package struct Problem: Error, CustomStringConvertible {
        package var description: String

        init(_ description: String) { self.description = description }
    }

    private static func write(_ fingerprint: FileFingerprint, hasOffset: Bool) -> String {
        var object = JSONObjectText()
        if hasOffset { object.add("offset", fingerprint.offset) }
        object.add("length", fingerprint.length)
        object.add("hash", String(fingerprint.hash, radix: 16))
        return object.text
    }

    private static func hash(_ content: JSONContent) -> UInt64? {
        content["hash"]?.text.flatMap { UInt64($0, radix: 16) }
    }

    private static func length(_ content: JSONContent) throws(Problem) -> Int {
        guard let length = content["length"]?.integer, (0...Int64(FileFingerprint.length)).contains(length) else {
            throw Problem("'length' has to be a number from 0 to \(FileFingerprint.length)")
        }
        return Int(length)
    }

    private static func offset(_ key: String, _ content: JSONContent) throws(Problem) -> Int64 {
        guard let offset = content[key]?.integer, offset >= 0 else {
            throw Problem("'\(key)' has to be a number of bytes")
        }
        return offset
    }

    private static func text(_ key: String, _ content: JSONContent) throws(Problem) -> String {
        guard let text = content[key]?.text else { throw Problem("'\(key)' has to be a string") }
        return text
    }
}
