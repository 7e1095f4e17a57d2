// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Writes the answer to a bulk request.
struct BulkResponse {
    private let request: BulkRequest
    private let outcome: BulkJob.Outcome
    private let took: Int
    private let hasTook: Bool
    // Which members of an item are written: asked once, not for each item.
    private let hasIndex: Bool
    private let hasID: Bool
    private let hasVersion: Bool
    private let hasResult: Bool
    private let hasShards: Bool
    private let hasSequence: Bool
    private let hasTerm: Bool
    private let hasStatus: Bool
    private let hasError: Bool

    /// - Parameters:
    ///   - took: milliseconds.
    ///   - members: only these members of an item are written; nil writes all. Anything finer is for `FilterPath`.
    init(request: BulkRequest, outcome: BulkJob.Outcome, took: Int, hasTook: Bool = true, members: Set<String>? = nil) {
        self.request = request
        self.outcome = outcome
        self.took = took
        self.hasTook = hasTook
        func has(_ name: String) -> Bool { members?.contains(name) ?? true }
        hasIndex = has("_index")
        hasID = has("_id")
        hasVersion = has("_version")
        hasResult = has("result")
        hasShards = has("_shards")
        hasSequence = has("_seq_no")
        hasTerm = has("_primary_term")
        hasStatus = has("status")
        hasError = has("error")
    }

    func write(to arena: ByteArena) {
        arena.append("{\"errors\":")
        arena.append(outcome.items.contains { $0.error != nil } ? "true" : "false")
        if hasTook {
            arena.append(",\"took\":")
            arena.append(decimal: took)
        }
        arena.append(",\"items\":[")
        for position in 0..<min(request.items.count, outcome.items.count) {
            if position > 0 { arena.append(UInt8(ascii: ",")) }
            arena.append("{\"")
            arena.append(request.items[position].action.name)
            arena.append("\":")
            writeMembers(of: position, to: arena)
            arena.append("}")
        }
        arena.append("]}")
    }

    /// Writes what became of one item, as an object.
    func writeMembers(of position: Int, to arena: ByteArena) {
        let item = request.items[position]
        let result = outcome.items[position]
        arena.append("{")
        let start = arena.count
        if hasIndex {
            arena.append("\"_index\":")
            arena.appendJSONString(result.index)
            arena.append(UInt8(ascii: ","))
        }
        if hasID {
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
            if hasVersion {
                arena.append("\"_version\":")
                arena.append(decimal: result.version)
                arena.append(UInt8(ascii: ","))
            }
            if hasResult { arena.append(Self.word(item.action, result.status)) }
            if hasShards { arena.append("\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},") }
            if hasSequence {
                arena.append("\"_seq_no\":")
                arena.append(decimal: result.sequence)
                arena.append(UInt8(ascii: ","))
            }
            if hasTerm { arena.append("\"_primary_term\":1,") }
        }
        if hasStatus {
            arena.append("\"status\":")
            arena.append(decimal: result.status)
            arena.append(UInt8(ascii: ","))
        }
        if hasError, let error = result.error {
            arena.append("\"error\":")
            error.json.write(to: arena)
            arena.append(UInt8(ascii: ","))
        }
        // Behind the last member stands a comma too many.
        if arena.count > start { arena.truncate(to: arena.count - 1) }
        arena.append("}")
    }

    private static func word(_ action: BulkRequest.Action, _ status: Int) -> StaticString {
        switch (action, status) {
        case (.delete, 200): "\"result\":\"deleted\","
        case (.delete, _): "\"result\":\"not_found\","
        case (_, 201): "\"result\":\"created\","
        default: "\"result\":\"updated\","
        }
    }
}
