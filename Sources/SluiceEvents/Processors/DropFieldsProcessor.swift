// SPDX-License-Identifier: Apache-2.0

/// `drop_fields`: takes fields away. The event's time, `@timestamp`, always stays.
package final class DropFieldsProcessor: Processor {
    private let paths: [FieldPath]
    private let ignoresMissing: Bool

    package init?(_ section: ConfigurationSection) {
        ignoresMissing = section.boolean("ignore_missing", default: false)
        guard let paths = FieldNames.read(section) else { return nil }
        self.paths = paths.filter { !$0.isTimestamp && !$0.isBelowTimestamp }
    }

    package func process(_ batch: EventBatch, selected: EventMask) {
        for path in paths {
            let ignoresMissing = ignoresMissing
            selected.forEach { event in
                if !batch.removeValue(path, of: event), !ignoresMissing { batch.markFailed(event) }
            }
        }
    }
}
