// SPDX-License-Identifier: Apache-2.0

/// `copy_fields`: gives values a second name. Never overwrites a field.
package final class CopyFieldsProcessor: Processor {
    private let moves: FieldMoves

    package init?(_ section: ConfigurationSection) {
        let failure = "Failed to copy fields in copy_fields processor"
        guard let moves = FieldMoves(section, removesSource: false, failure: failure) else { return nil }
        self.moves = moves
    }

    package func process(_ batch: EventBatch, selected: EventMask) { moves.run(batch, selected) }
}
