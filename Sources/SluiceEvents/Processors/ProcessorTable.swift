// SPDX-License-Identifier: Apache-2.0

/// Every processor by its name in a configuration. A new one is a file of its own and a line here.
package enum ProcessorTable {
    /// Makes a processor from its options, or reports why not. Called once for each worker.
    package typealias Maker = @Sendable (ConfigurationSection, ProcessorContext) -> (any Processor)?

    package static let makers: [String: Maker] = [
        "add_fields": { section, _ in AddFieldsProcessor(section) },
        "add_host_metadata": { AddHostMetadataProcessor($0, $1) },
        "add_tags": { section, _ in AddTagsProcessor(section) },
        "copy_fields": { section, _ in CopyFieldsProcessor(section) },
        "drop_event": { section, _ in DropEventProcessor(section) },
        "drop_fields": { section, _ in DropFieldsProcessor(section) },
        "include_fields": { section, _ in IncludeFieldsProcessor(section) },
        "rename": { section, _ in RenameProcessor(section) },
        "timestamp": { TimestampProcessor($0, $1) },
    ]
}
