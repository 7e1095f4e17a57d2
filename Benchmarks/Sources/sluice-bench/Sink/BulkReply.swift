// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Elasticsearch's answer to a bulk request: one item for each document, all of them created.
///
/// `filter_path` is followed as far as shippers use it. Shape of an item:
/// `{"create":{"_index":…,"_id":…,"_version":1,"result":"created","_shards":{…},"_seq_no":…,"_primary_term":1,"status":201}}`
struct BulkReply {
    private var hasTook = true
    private var hasErrors = true
    private var hasItems = true
    /// Only the status of each item is wanted.
    private var isStatusOnly = false

    /// - Parameter query: the request's, percent-encoded.
    init(query: String) {
        guard let filter = query.split(separator: "&").first(where: { $0.hasPrefix("filter_path=") }) else { return }
        let paths = filter.dropFirst("filter_path=".count).replacing("%2C", with: ",").replacing("%2c", with: ",")
            .replacing("%2A", with: "*").replacing("%2a", with: "*").split(separator: ",")
        hasTook = paths.contains("took")
        hasErrors = paths.contains("errors")
        let items = paths.filter { $0.hasPrefix("items") }
        let isWhole = items.contains { $0 == "items" || $0 == "items.*" || $0 == "items.*.*" }
        let hasStatus = items.contains { $0.hasSuffix(".status") }
        isStatusOnly = !isWhole
        // Documents that went in have no `error`, so a filter for that alone leaves no items.
        hasItems = isWhole || hasStatus
    }

    /// Writes the answer to the request `text`.
    ///
    /// - Returns: how many documents there were.
    mutating func write(for text: ByteView, path: String, to output: ByteArena) -> Int {
        output.append("{")
        if hasErrors { output.append("\"errors\":false,") }
        if hasTook { output.append("\"took\":3,") }
        if hasItems { output.append("\"items\":[") }
        let pathIndex = path.split(separator: "/").dropLast().first.map(String.init) ?? ""
        var documents = 0
        var rest = text
        while let action = Self.takeLine(&rest) {
            if action.isEmpty { continue }
            let name = Self.text(behind: "{\"", in: action) ?? ByteView("create")
            if !(name == ByteView("delete")) { _ = Self.takeLine(&rest) }
            documents += 1
            guard hasItems else { continue }
            if documents > 1 { output.append(UInt8(ascii: ",")) }
            output.append("{\"")
            output.append(name)
            output.append("\":{")
            if !isStatusOnly {
                output.append("\"_index\":\"")
                if let index = Self.text(behind: "\"_index\":\"", in: action) {
                    output.append(index)
                } else {
                    output.append(pathIndex)
                }
                output.append("\",\"_id\":\"")
                if let identifier = Self.text(behind: "\"_id\":\"", in: action) {
                    output.append(identifier)
                } else {
                    output.append("AAAAAAAAAAAAAAAA")
                    output.append(decimal: documents, width: 4)
                }
                output.append("\",\"_version\":1,\"result\":\"created\",\"_shards\":{\"total\":2,\"successful\":1,")
                output.append("\"failed\":0},\"_seq_no\":")
                output.append(decimal: documents)
                output.append(",\"_primary_term\":1,")
            }
            output.append("\"status\":201}}")
        }
        if hasItems {
            output.append("]")
        } else if output.view[output.count - 1] == UInt8(ascii: ",") {
            output.truncate(to: output.count - 1)
        }
        output.append("}")
        return documents
    }

    private static func takeLine(_ rest: inout ByteView) -> ByteView? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: 0x0a) ?? rest.count
        let line = rest[0..<end]
        rest = rest[min(end + 1, rest.count)..<rest.count]
        return line
    }

    /// What stands between `mark` and the next quote.
    private static func text(behind mark: StaticString, in line: ByteView) -> ByteView? {
        let mark = ByteView(mark)
        guard let found = line.firstRange(of: mark) else { return nil }
        let rest = line[found.upperBound..<line.count]
        return rest.firstIndex(of: UInt8(ascii: "\"")).map { rest[0..<$0] }
    }
}
