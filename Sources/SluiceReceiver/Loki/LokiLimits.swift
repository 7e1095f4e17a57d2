// SPDX-License-Identifier: Apache-2.0

/// What the Loki side takes and adds. The defaults are Loki's own, except where it says otherwise.
///
/// Source: Loki's `limits_config` and `ingester` reference pages.
package struct LokiLimits: Sendable {
    /// `distributor.max_recv_msg_size`.
    package var maximumBodyBytes = 100 << 20
    /// Of a decompressed body. Loki has 5000 MiB, which this process would have to hold in memory.
    package var maximumInflatedBytes = 256 << 20
    package var maximumLineBytes = 256 << 10
    package var maximumLabelNames = 15
    package var maximumLabelNameBytes = 1024
    package var maximumLabelValueBytes = 2048
    package var maximumMetadataBytes = 64 << 10
    package var maximumMetadataEntries = 128
    /// Entries older than this are refused (`reject_old_samples_max_age`); nil takes all.
    package var maximumAgeSeconds: Int64? = 7 * 86_400
    /// Entries further ahead than this are refused (`creation_grace_period`).
    package var creationGraceSeconds: Int64 = 600
    /// Entries further behind the newest of their stream than this are refused (half of `max_chunk_age`); nil takes
    /// all.
    package var maximumLagSeconds: Int64? = 3600
    /// Streams that got an entry in the last half hour, per tenant (`max_global_streams_per_user`).
    package var maximumActiveStreams = 5000
    /// `max_entries_limit_per_query`.
    package var maximumEntriesPerQuery = 5000
    /// Adds the label `service_name`, from the first of Loki's list of labels that the stream has.
    package var addsServiceName = true
    /// Adds `detected_level` to the structured metadata, from a level in labels, metadata or the line. Off by default,
    /// because it looks into every line; a real Loki has it on.
    package var addsDetectedLevel = false

    package init() {}
}
