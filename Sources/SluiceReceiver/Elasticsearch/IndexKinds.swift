// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceSQLite
import Synchronization

/// Which names are data streams: those that are there by what they are, others by the templates.
final class IndexKinds: Sendable {
    private struct State {
        var templates: [String: IndexTemplate] = [:]
        var existing: [String: Bool] = [:]
    }

    /// The priority of the templates that come with Elasticsearch.
    private static let builtInPriority = 100

    private let state = Mutex(State())

    init(database: SQLiteDatabase) throws {
        let assets = try database.prepare("SELECT name, body FROM assets WHERE kind = 'index_template'")
        defer { assets.reset() }
        while try assets.step() {
            let name = assets.string(at: 0) ?? ""
            keep(name, try? JSONValue.parse(assets.bytes(at: 1)))
        }
        let indexes = try database.prepare("SELECT name, stream FROM indexes")
        defer { indexes.reset() }
        while try indexes.step() {
            let name = indexes.string(at: 0) ?? ""
            let isDataStream = indexes.isNull(at: 1) ? IndexName.isDataStream(name) : indexes.integer(at: 1) != 0
            exists(name, isDataStream: isDataStream)
        }
    }

    /// A template has come, or gone.
    func keep(_ name: String, _ body: JSONValue?) {
        let template = body.flatMap { IndexTemplate(name: name, body: $0) }
        state.withLock { $0.templates[name] = template }
    }

    /// An index or data stream has come.
    func exists(_ name: String, isDataStream: Bool) { state.withLock { $0.existing[name] = isDataStream } }

    func isGone(_ name: String) { state.withLock { $0.existing[name] = nil } }

    func isDataStream(_ name: String) -> Bool {
        if let known = state.withLock({ $0.existing[name] }) { return known }
        return isMadeDataStream(name)
    }

    /// Whether a new index of this name is a data stream.
    func isMadeDataStream(_ name: String) -> Bool { template(for: name)?.isDataStream ?? IndexName.isDataStream(name) }

    /// The template that counts for a name; nil for one of those that come with Elasticsearch, or none.
    func template(for name: String) -> IndexTemplate? {
        let best = state.withLock { state in
            state.templates.values.filter { $0.matches(name) }.max { ($0.priority, $0.name) < ($1.priority, $1.name) }
        }
        guard let best, best.priority >= Self.builtInPriority || !IndexName.isDataStream(name) else { return nil }
        return best
    }
}
