// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Several options of an Elasticsearch output under one name.
///
/// Source: "preset" in Filebeat's reference of its Elasticsearch output, and its table. As there, a preset overrides what
/// is given beside it, and the log says so. Its queue sizes have no meaning here; its queue's flush timeout is
/// `flush.timeout`.
package enum PerformancePreset: String, CaseIterable, Sendable {
    case balanced
    case throughput
    case scale
    case latency
    /// Nothing is overridden.
    case custom

    private struct Figures {
        var bulkMaximumEvents = 1600
        var workers = 1
        /// Seconds.
        var flushTimeout: Int64
        var idleConnectionTimeout: Int64
        var backoff: (initial: Int64, maximum: Int64)?
    }

    private var figures: Figures? {
        switch self {
        case .balanced: Figures(flushTimeout: 10, idleConnectionTimeout: 3)
        case .throughput: Figures(workers: 4, flushTimeout: 5, idleConnectionTimeout: 15)
        case .scale: Figures(flushTimeout: 20, idleConnectionTimeout: 1, backoff: (5, 300))
        case .latency: Figures(bulkMaximumEvents: 50, flushTimeout: 1, idleConnectionTimeout: 60)
        case .custom: nil
        }
    }

    /// Reads `preset` and puts its figures into options that have been read.
    static func apply(_ section: ConfigurationSection, to options: inout OutputOptions?) {
        guard let figures = section.choice("preset", default: PerformancePreset.custom).figures, var changed = options
        else { return }
        defer { options = changed }
        let second: Int64 = 1_000_000_000
        changed.bulkMaximumEvents = figures.bulkMaximumEvents
        changed.pace.workers = figures.workers
        changed.flushTimeout = figures.flushTimeout * second
        changed.compressionLevel = 1
        changed.pace.idleConnectionTimeout = figures.idleConnectionTimeout * second
        var keys = [
            "bulk_max_size", "worker", "workers", "concurrency.max", "flush.timeout", "compression_level",
            "compression.level", "idle_connection_timeout",
        ]
        if let backoff = figures.backoff {
            changed.backoffInitial = backoff.initial * second
            changed.backoffMaximum = backoff.maximum * second
            keys += ["backoff.init", "backoff.max"]
        }
        changed.pace.overridden = keys.filter { key in section.node(key).map { !$0.isNull } ?? false }
    }
}
