// SPDX-License-Identifier: Apache-2.0

/// What `rename` and `copy_fields` have in common: a row of moves that never overwrite, and what happens when one of
/// them cannot be made.
///
/// With `fail_on_error` the event is put back as it was before the first of them and gets `error.message`; without it
/// the other moves are still made.
final class FieldMoves {
    private let moves: [FieldMove]
    private let removesSource: Bool
    private let ignoresMissing: Bool
    private let failsOnError: Bool
    /// How a failure's message begins.
    private let failure: String
    private let snapshot = EventSnapshot()

    init?(_ section: ConfigurationSection, removesSource: Bool, failure: String) {
        ignoresMissing = section.boolean("ignore_missing", default: false)
        failsOnError = section.boolean("fail_on_error", default: true)
        self.removesSource = removesSource
        self.failure = failure
        guard let moves = FieldMove.read(section) else { return nil }
        if removesSource, moves.contains(where: { $0.from.isTimestamp }) {
            section.report(
                section.node,
                "'@timestamp' cannot be renamed, since every event has a time",
                suggestion: "use 'copy_fields'"
            )
            return nil
        }
        self.moves = moves
    }

    func run(_ batch: EventBatch, _ selected: EventMask) {
        let isSimple = moves.count == 1 && moves[0].from.components.count == 1 && moves[0].to.components.count == 1
        selected.forEach { event in
            // A single move of a top-level field changes nothing before it is sure.
            if failsOnError, !isSimple { snapshot.take(event, of: batch) }
            for move in moves {
                guard let reason = run(move, event, batch) else { continue }
                batch.markFailed(event)
                if failsOnError {
                    if !isSimple { snapshot.restore(event, of: batch) }
                    batch.setErrorMessage("\(failure): \(reason)", of: event)
                    return
                }
            }
        }
    }

    /// - Returns: why it could not be made, or nil.
    private func run(_ move: FieldMove, _ event: Int, _ batch: EventBatch) -> String? {
        if let target = batch.value(move.to, of: event), target.kind != .null, !move.to.isTimestamp {
            return "target field \(move.to) already exists, drop or rename this field first"
        }
        guard let found = batch.locate(move.from, of: event) else {
            return ignoresMissing ? nil : "could not fetch value for key: \(move.from), Error: key not found"
        }
        // The source goes first, so that `a` can become `a.b`.
        if removesSource { batch.removeValue(move.from, of: event) }
        if batch.setValue(move.to, kind: found.kind, value: found.value, of: event) { return nil }
        if removesSource { batch.setValue(move.from, kind: found.kind, value: found.value, of: event) }
        return move.to.isTimestamp
            ? "could not put value: \(move.to): not a time as RFC 3339 writes it"
            : "could not put value: \(move.to): a part of the name is there and no object"
    }
}
