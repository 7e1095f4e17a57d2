// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Writes the answer to a bulk request.
struct BulkResponse {
    let request: BulkRequest
    let outcome: BulkJob.Outcome
    /// Milliseconds.
    let took: Int

    /// Only these members of an item are written; nil writes all. Anything finer is for `FilterPath`.
    var members: Set<String>?
    var hasTook = true

    func write(to arena: ByteArena) {
        arena.append("{\"errors\":")
        arena.append(outcome.items.contains { $0.error != nil } ? "true" : "false")
        if hasTook {
            arena.append(",\"took\":")
            arena.append(decimal: took)
        }
        arena.append(",\"items\":[")
        // Asked once, not for each item.
        let has = (
            index: has("_index"), id: has("_id"), version: has("_version"), result: has("result"),
            shards: has("_shards"), sequence: has("_seq_no"), term: has("_primary_term"), status: has("status"),
            error: has("error")
        )
        for (position, item) in request.items.enumerated() where position < outcome.items.count {
            let result = outcome.items[position]
            if position > 0 { arena.append(UInt8(ascii: ",")) }
            arena.append("{\"")
            arena.append(item.action.name)
            arena.append("\":{")
            let start = arena.count
            if has.index {
                arena.append("\"_index\":")
                arena.appendJSONString(result.index)
                arena.append(UInt8(ascii: ","))
            }
            if has.id {
                arena.append("\"_id\":")
                if let key = result.key {
                    key.withByteView { _ = arena.appendJSONString($0) }
                } else if item.key.isEmpty {
                    arena.append("null")
                } else {
                    arena.appendJSONString(request.keys.view(item.key))
                }
                arena.append(UInt8(ascii: ","))
            }
            if result.error == nil {
                if has.version {
                    arena.append("\"_version\":")
                    arena.append(decimal: result.version)
                    arena.append(UInt8(ascii: ","))
                }
                if has.result {
                    arena.append(
                        item.action == .delete
                            ? result.status == 200 ? "\"result\":\"deleted\"," : "\"result\":\"not_found\","
                            : result.status == 201 ? "\"result\":\"created\"," : "\"result\":\"updated\","
                    )
                }
                if has.shards { arena.append("\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},") }
                if has.sequence {
                    arena.append("\"_seq_no\":")
                    arena.append(decimal: result.sequence)
                    arena.append(UInt8(ascii: ","))
                }
                if has.term { arena.append("\"_primary_term\":1,") }
            }
            if has.status {
                arena.append("\"status\":")
                arena.append(decimal: result.status)
                arena.append(UInt8(ascii: ","))
            }
            if has.error, let error = result.error {
                arena.append("\"error\":")
                error.json.write(to: arena)
                arena.append(UInt8(ascii: ","))
            }
            if arena.count > start { arena.truncate(to: arena.count - 1) }
            arena.append("}}")
        }
        arena.append("]}")
    }

    private func has(_ name: String) -> Bool { members?.contains(name) ?? true }
}
