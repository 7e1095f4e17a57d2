// SPDX-License-Identifier: Apache-2.0

extension LokiLimits {
    /// What `GET /config/tenant/v1/limits` says, under Loki's names: sizes with a unit of 1024 bytes, times in seconds.
    var json: JSONValue {
        .object([
            "creation_grace_period": .string("\(creationGraceSeconds)s"),
            "max_entries_limit_per_query": .integer(maximumEntriesPerQuery),
            "max_global_streams_per_user": .integer(maximumActiveStreams),
            "max_label_name_length": .integer(maximumLabelNameBytes),
            "max_label_names_per_series": .integer(maximumLabelNames),
            "max_label_value_length": .integer(maximumLabelValueBytes),
            "max_line_size": .string("\(maximumLineBytes)B"),
            "max_structured_metadata_entries_count": .integer(maximumMetadataEntries),
            "max_structured_metadata_size": .string("\(maximumMetadataBytes)B"),
            "reject_old_samples": .boolean(maximumAgeSeconds != nil),
            "reject_old_samples_max_age": maximumAgeSeconds.map { .string("\($0)s") },
        ])
    }
}
