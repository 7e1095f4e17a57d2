// SPDX-License-Identifier: Apache-2.0

import SluiceSQLite

/// An index that is searched.
struct SearchTarget: Equatable {
    var id: Int64
    var name: String
    var isDataStream: Bool
    /// In responses: for a data stream its backing index.
    var concreteName: String
    var documents: Int64
    var bytes: Int64
    /// Microseconds since 1970.
    var created: Int64

    static func all(in database: SQLiteDatabase) throws -> [SearchTarget] {
        let select = try database.prepare(
            "SELECT id, name, created, documents, bytes, stream FROM indexes ORDER BY name"
        )
        defer { select.reset() }
        var targets: [SearchTarget] = []
        while try select.step() {
            let name = select.string(at: 1) ?? ""
            let isDataStream = select.isNull(at: 5) ? IndexName.isDataStream(name) : select.integer(at: 5) != 0
            targets.append(
                SearchTarget(
                    id: select.integer(at: 0),
                    name: name,
                    isDataStream: isDataStream,
                    concreteName: IndexState.concreteName(
                        name,
                        isDataStream: isDataStream,
                        created: select.integer(at: 2)
                    ),
                    documents: select.integer(at: 3),
                    bytes: select.integer(at: 4),
                    created: select.integer(at: 2)
                )
            )
        }
        return targets
    }

    /// Those that an expression such as `logs-*,-logs-old,web` means; nil means all.
    ///
    /// - Parameter ignoresMissing: `ignore_unavailable`: a name that is not there is no error.
    static func resolve(
        _ expression: String?,
        in database: SQLiteDatabase,
        ignoresMissing: Bool
    ) throws -> [SearchTarget] {
        let all = try all(in: database)
        guard let expression, !expression.isEmpty, expression != "_all" else { return all }
        var chosen: [SearchTarget] = []
        for part in expression.split(separator: ",") {
            if part.hasPrefix("-"), !chosen.isEmpty {
                let pattern = part.dropFirst()
                chosen.removeAll { IndexName.matches($0.name, pattern: pattern) }
                continue
            }
            let found = all.filter { target in
                IndexName.matches(target.name, pattern: part) || IndexName.matches(target.concreteName, pattern: part)
            }
            if found.isEmpty, !part.contains("*"), !ignoresMissing { throw ElasticsearchError.noIndex(String(part)) }
            for target in found where !chosen.contains(target) { chosen.append(target) }
        }
        return chosen
    }
}
