// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension LineBuffer {
    /// Where in the source an event was logged, as UTF-8.
    struct Source {
        var file: ByteView
        var function: ByteView
        var line: UInt
        /// `,"module":…,"function":…,"line":…`, if that is known already.
        var site = ByteView.empty
        /// The module, if it is said and is not the beginning of the file.
        var ownModule = ByteView.empty
        /// 1 if it is. A number, because what has no gaps is copied without waiting for what was just stored.
        var ownModules = 0
    }

    /// Writes an event, whose fields are arranged, to its outputs.
    @inline(never)
    func write(
        _ message: ByteView,
        level: Logger.Level,
        error: (any Error)?,
        source: Source,
        _ entry: LoggerEntry,
        _ route: LogRoute
    ) {
        if let error {
            exception.removeAll()
            EncodedException(error).append(to: exception, policy: route.policy)
            self.error = error
        }
        defer { if error != nil { self.error = nil } }
        guard route.policy.isTextPlain else {
            let changed = route.policy.prepare(message)
            return withExtendedLifetime(changed) {
                finish(changed?.view ?? message, level: level, error: error, source: source, entry, route)
            }
        }
        finish(message, level: level, error: error, source: source, entry, route)
    }

    @inline(__always)
    private func finish(
        _ message: ByteView,
        level: Logger.Level,
        error: (any Error)?,
        source: Source,
        _ entry: LoggerEntry,
        _ route: LogRoute
    ) {
        let record = LogRecord(
            time: route.now(),
            level: level,
            hasError: error != nil,
            message: message,
            source: source,
            entry: entry,
            buffer: self,
            route: route
        )
        let rank = LevelRank.of(level)
        if route.hasFilter, !isAdmitted(record, rank: rank, route) { return }
        route.write(record, rank: rank, buffer: self)
    }

    private func isAdmitted(_ record: borrowing LogRecord, rank: UInt8, _ route: LogRoute) -> Bool {
        guard let filter = route.filter else { return true }
        let (isAdmitted, said) = filter.admit(record, rank: rank, buffer: self)
        for summary in said { Self.say(summary) }
        return isAdmitted
    }

    /// Writes the line that stands for the repeats of another.
    static func say(_ summary: LineFilter.Summary) {
        let text = ByteArena(capacity: 256)
        text.append("repeated ")
        text.append(decimal: summary.count)
        text.append(summary.count == 1 ? " time: " : " times: ")
        summary.message.withByteView { text.append($0) }
        withCurrent { buffer in
            unsafe summary.entry.route._withUnsafeGuaranteedRef { route in
                buffer.beginExplicit(route.policy)
                LogFields(buffer)["repeated"] = summary.count
                buffer.beginBlocks()
                buffer.add(buffer.explicit)
                let source = Source(file: .empty, function: .empty, line: 0)
                let record = LogRecord(
                    time: route.now(),
                    level: summary.level,
                    hasError: false,
                    message: text.view,
                    source: source,
                    entry: summary.entry,
                    buffer: buffer,
                    route: route
                )
                route.write(record, rank: LevelRank.of(summary.level), buffer: buffer)
            }
        }
    }

    /// A hash of all fields.
    func hashFields(seed: UInt64) -> UInt64 {
        var hash = seed
        for index in 0..<(unsafe blocks.count) {
            let set = block(index)
            for member in set.members { hash = XXHash64.hash(set.bytes.view(member.whole), seed: hash) }
        }
        return hash
    }
}
