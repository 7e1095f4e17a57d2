// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes

/// Generations for people.
enum GenerationText {
    /// `loki=120 search=80`
    static func offsets(_ generation: Generation) -> String {
        let offsets = generation.progress.keys.sorted().map { "\($0)=\(generation.progress[$0]?.contiguous ?? 0)" }
        return offsets.isEmpty ? "-" : offsets.joined(separator: " ")
    }

    /// All that is known of one, a line for each fact.
    static func details(_ generation: Generation, pipeline: String, updated: Int64) -> [String] {
        let size = generation.sizeUnderItsPath.map { "\($0) bytes" } ?? "not under this path any more"
        var lines = [
            generation.path, "  pipeline     \(pipeline)", "  generation   \(generation.identifier)",
            "  device:inode \(generation.device):\(generation.inode)", "  file         \(size)",
        ]
        for output in generation.progress.keys.sorted() {
            guard let ranges = generation.progress[output] else { continue }
            let beyond = ranges.beyond.map { " \($0.lowerBound)-\($0.upperBound)" }.joined()
            lines.append(
                "  output       \(output): \(ranges.contiguous)" + (beyond.isEmpty ? "" : ", and beyond:" + beyond)
            )
        }
        for part in generation.underWay {
            lines.append(
                "  under way    \(part.range.lowerBound)-\(part.range.upperBound): sent, not all outputs said yes"
            )
        }
        if updated > 0 {
            let arena = ByteArena(capacity: 40)
            Timestamp.write(updated, fractionDigits: 3, to: arena)
            lines.append("  changed      \(arena.string)")
        }
        return lines
    }
}
