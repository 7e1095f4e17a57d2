// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Why an event was not sent, for its dead letter.
enum PushRefusal {
    /// - Parameters:
    ///   - maximum: the limit.
    ///   - found: what the event has: bytes, a count, or its time.
    static func words(_ kind: PushLimits.Kind, _ maximum: Int64, _ found: Int64) -> String {
        let what =
            switch kind {
            case .lineSize: "the line has \(found) bytes, and Loki takes \(maximum)"
            case .labelCount: "the event has \(found) labels, and Loki takes \(maximum)"
            case .labelValue: "a label has \(found) bytes, and Loki takes \(maximum)"
            case .metadataSize: "the structured metadata has \(found) bytes, and Loki takes \(maximum)"
            case .metadataCount: "the structured metadata has \(found) entries, and Loki takes \(maximum)"
            case .age: "its time \(time(found)) is older than the \(maximum / 1_000_000_000) s that Loki takes"
            case .future:
                "its time \(time(found)) is further ahead than the \(maximum / 1_000_000_000) s that Loki takes"
            }
        return "not sent: \(what) (limits.\(kind.name))"
    }

    private static func time(_ nanoseconds: Int64) -> String {
        let arena = ByteArena(capacity: 64)
        Timestamp.write(nanoseconds, fractionDigits: 3, to: arena)
        return arena.string
    }
}
