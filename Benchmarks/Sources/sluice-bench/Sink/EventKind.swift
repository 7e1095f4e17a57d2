// SPDX-License-Identifier: Apache-2.0

/// The protocols by which events arrive.
enum EventKind: String, CaseIterable, Sendable {
    /// Elasticsearch's `_bulk`: a document is an event.
    case bulk
    /// Loki's push: an entry is an event.
    case loki
    /// Anything else: a line is an event.
    case lines
}
