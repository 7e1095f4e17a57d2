// SPDX-License-Identifier: Apache-2.0

/// `rename`: gives fields other names. Never overwrites a field.
package final class RenameProcessor: Processor {
    private let moves: FieldMoves

    package init?(_ section: ConfigurationSection) {
        let failure = "Failed to rename fields in processor"
        guard let moves = FieldMoves(section, removesSource: true, failure: failure) else { return nil }
        self.moves = moves
    }

    package func process(_ batch: EventBatch, selected: EventMask) { moves.run(batch, selected) }
}
