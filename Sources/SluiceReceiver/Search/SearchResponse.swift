// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Writes the answer to a search.
struct SearchResponse {
    let request: SearchRequest
    let result: SearchExecutor.Result
    /// Milliseconds.
    let took: Int
    let shards: Int

    /// - Parameter status: a member that `_msearch` has and `_search` has not.
    func write(to arena: ByteArena, status: Int? = nil) {
        arena.append("{\"took\":")
        arena.append(decimal: took)
        arena.append(",\"timed_out\":false,\"_shards\":{\"total\":")
        arena.append(decimal: shards)
        arena.append(",\"successful\":")
        arena.append(decimal: shards)
        arena.append(",\"skipped\":0,\"failed\":0},\"hits\":{")
        if request.counting != .none {
            arena.append("\"total\":{\"value\":")
            arena.append(decimal: result.total)
            arena.append(result.isLowerBound ? ",\"relation\":\"gte\"}," : ",\"relation\":\"eq\"},")
        }
        arena.append(result.hits.isEmpty || !request.sort.isEmpty ? "\"max_score\":null" : "\"max_score\":1.0")
        arena.append(",\"hits\":[")
        for (position, hit) in result.hits.enumerated() {
            if position > 0 { arena.append(UInt8(ascii: ",")) }
            write(hit, to: arena)
        }
        arena.append("]}")
        if !result.aggregations.isEmpty {
            arena.append(",\"aggregations\":{")
            for (position, aggregation) in result.aggregations.enumerated() {
                if position > 0 { arena.append(UInt8(ascii: ",")) }
                arena.appendJSONString(aggregation.name)
                arena.append(UInt8(ascii: ":"))
                aggregation.value.write(to: arena)
            }
            arena.append("}")
        }
        if let status {
            arena.append(",\"status\":")
            arena.append(decimal: status)
        }
        arena.append("}")
    }

    private func write(_ hit: SearchExecutor.Hit, to arena: ByteArena) {
        arena.append("{\"_index\":")
        arena.appendJSONString(hit.target.concreteName)
        arena.append(",\"_id\":")
        hit.key.withByteView { _ = arena.appendJSONString($0) }
        arena.append(request.sort.isEmpty ? ",\"_score\":1.0" : ",\"_score\":null")
        Self.writeSource(hit.source, request.source, to: arena)
        if !request.sort.isEmpty {
            arena.append(",\"sort\":[")
            for (position, value) in hit.sort.enumerated() {
                if position > 0 { arena.append(UInt8(ascii: ",")) }
                value.write(to: arena)
            }
            arena.append("]")
        }
        arena.append("}")
    }

    /// Writes `,"_source":…`, as far as it is wanted.
    static func writeSource(_ source: [UInt8], _ filter: SourceFilter, to arena: ByteArena) {
        switch filter {
        case .none: return
        case .all:
            arena.append(",\"_source\":")
            arena.append(source)
        case .fields:
            arena.append(",\"_source\":")
            let tree = source.withByteView { try? JSONValue.parse($0) }
            filter.apply(to: tree ?? .object([])).write(to: arena)
        }
    }
}
