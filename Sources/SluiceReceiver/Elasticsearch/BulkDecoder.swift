// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Reads `_bulk` bodies: newline-delimited JSON, an action line and, but for `delete`, a document line.
///
/// One for each decoding thread. Source: Elasticsearch's bulk API reference.
package final class BulkDecoder {
    private let index = JSONIndex()
    private let checker = DocumentChecker()
    private let kinds: IndexKinds

    init(kinds: IndexKinds) { self.kinds = kinds }

    /// - Parameters:
    ///   - body: is kept by the request.
    ///   - index: the one of the path, or nil.
    package func decode(_ body: ByteArena, defaultIndex: String?) throws(ElasticsearchError) -> BulkRequest {
        let text = body.view
        guard !text.isEmpty else {
            throw ElasticsearchError(400, "parse_exception", "request body is required")
        }
        guard text[text.count - 1] == UInt8(ascii: "\n") else {
            throw ElasticsearchError(
                400,
                "illegal_argument_exception",
                "The bulk request must be terminated by a newline [\\n]"
            )
        }
        let request = BulkRequest(body: body)
        var problems: [String] = []
        var position = 0
        var number = 0
        while let line = Self.line(text, &position, &number) {
            guard try action(text, line, number: number, request, defaultIndex, &problems) else { continue }
            let last = request.items.count - 1
            guard request.items[last].action != .delete else { continue }
            guard let source = Self.line(text, &position, &number) else {
                throw ElasticsearchError(
                    400,
                    "illegal_argument_exception",
                    "Malformed action/metadata line [\(number)], a document was expected after it"
                )
            }
            document(text, source, request, at: last)
        }
        if request.items.isEmpty { problems.append("no requests added") }
        guard problems.isEmpty else {
            let list = problems.enumerated().map { "\($0.offset + 1): \($0.element);" }.joined()
            throw ElasticsearchError(400, "action_request_validation_exception", "Validation Failed: \(list)")
        }
        return request
    }

    /// The next line, without its end.
    private static func line(_ text: ByteView, _ position: inout Int, _ number: inout Int) -> Range<Int>? {
        guard position < text.count, let length = text[position..<text.count].firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        let start = position
        position += length + 1
        number += 1
        return start..<(start + length)
    }

    // MARK: Actions

    /// Adds an item; false if the line is empty.
    private func action(
        _ text: ByteView,
        _ line: Range<Int>,
        number: Int,
        _ request: BulkRequest,
        _ defaultIndex: String?,
        _ problems: inout [String]
    ) throws(ElasticsearchError) -> Bool {
        let view = text[line]
        var probe = JSONWalker(view)
        if probe.peek() == 0 { return false }
        func malformed(_ what: String) -> ElasticsearchError {
            ElasticsearchError(400, "illegal_argument_exception", "Malformed action/metadata line [\(number)], \(what)")
        }
        do {
            try JSONScanner.scan(view, into: index)
        } catch {
            throw malformed("it is not JSON: \(error)")
        }
        guard index.kind == .object else { throw malformed("expected START_OBJECT but found [\(index.kind)]") }
        guard let child = index.children.first else { throw malformed("expected FIELD_NAME but found [END_OBJECT]") }
        guard index.children.count == 1 else { throw malformed("expected END_OBJECT but found [FIELD_NAME]") }
        let action: BulkRequest.Action
        let name = view[child.key]
        if name == ByteView("create") {
            action = .create
        } else if name == ByteView("index") {
            action = .index
        } else if name == ByteView("update") {
            action = .update
        } else if name == ByteView("delete") {
            action = .delete
        } else {
            throw malformed("expected field [create], [delete], [index] or [update] but found [\(name.string)]")
        }
        guard child.kind == .object else { throw malformed("expected START_OBJECT but found [\(child.kind)]") }
        var item = BulkRequest.Item(action: action, index: -1, key: 0..<0, source: 0..<0)
        var walker = JSONWalker(view, at: child.value.lowerBound)
        _ = walker.enter("{")
        var hasKey = false
        while let parameter = walker.nextKey() {
            let name = view[parameter.range]
            if name == ByteView("_index"), let value = walker.string() {
                item.index = self.index(view, value, request)
            } else if name == ByteView("_id") {
                hasKey = walker.peek() != UInt8(ascii: "n")
                if let value = walker.string() {
                    item.key = request.keys.append(value, of: view)
                } else {
                    let range = walker.skip()
                    let start = request.keys.count
                    if hasKey { request.keys.append(view[range]) }
                    item.key = start..<request.keys.count
                }
            } else if Self.knownParameters.contains(name.string) {
                walker.skip()
            } else {
                throw ElasticsearchError(
                    400,
                    "illegal_argument_exception",
                    "Action/metadata line [\(number)] contains an unknown parameter [\(name.string)]"
                )
            }
        }
        if item.index < 0, let defaultIndex { item.index = intern(defaultIndex, request) }
        if item.index < 0 {
            problems.append("index is missing")
            item.index = intern("", request)
        }
        if item.key.count > 512 {
            problems.append("id is too long, must be no longer than 512 bytes but was: \(item.key.count)")
        }
        if hasKey, item.key.isEmpty {
            item.error = ElasticsearchError(
                400,
                "illegal_argument_exception",
                "if _id is specified it must not be empty"
            )
        }
        if !hasKey, action == .delete || action == .update { problems.append("id is missing") }
        if let problem = request.indexes[item.index].problem {
            let name = request.indexes[item.index].name
            item.error = ElasticsearchError(
                400,
                "invalid_index_name_exception",
                "Invalid index name [\(name)], \(problem)",
                index: name
            )
        }
        request.items.append(item)
        return true
    }

    private static let knownParameters: Set<String> = [
        "_type", "routing", "_routing", "pipeline", "require_alias", "require_data_stream", "dynamic_templates",
        "retry_on_conflict", "version", "_version", "version_type", "_version_type", "if_seq_no", "if_primary_term",
        "op_type", "list_executed_pipelines", "_index", "_id",
    ]

    private func index(_ view: ByteView, _ value: JSONWalker.StringContent, _ request: BulkRequest) -> Int {
        // Nearly always the same as the item's before.
        if !value.isEscaped, let last = request.items.last?.index {
            let isSame = request.indexes[last].name.withByteView { $0 == view[value.range] }
            if isSame { return last }
        }
        let arena = ByteArena(capacity: value.range.count)
        arena.append(value, of: view)
        return intern(arena.string, request)
    }

    private func intern(_ name: String, _ request: BulkRequest) -> Int {
        if let known = request.indexes.firstIndex(where: { $0.name == name }) { return known }
        request.indexes.append(BulkRequest.Index(name, isDataStream: kinds.isDataStream(name)))
        return request.indexes.count - 1
    }

    // MARK: Documents

    private func document(_ text: ByteView, _ line: Range<Int>, _ request: BulkRequest, at position: Int) {
        guard request.items[position].error == nil else { return }
        if request.items[position].action == .update {
            request.items[position].error = .notSupported("the bulk action update; use index or create")
            return
        }
        let view = text[line]
        switch checker.check(view) {
        case .success(let document):
            request.items[position].source =
                (line.lowerBound + document.range.lowerBound)..<(line.lowerBound + document.range.upperBound)
            request.items[position].time = document.time
            if request.indexes[request.items[position].index].isDataStream {
                request.items[position].error = Self.dataStreamProblem(request.items[position].action, document)
            }
        case .failure(let error): request.items[position].error = error
        }
    }

    /// What a data stream refuses and an index takes.
    private static func dataStreamProblem(
        _ action: BulkRequest.Action,
        _ document: DocumentChecker.Document
    ) -> ElasticsearchError? {
        guard action == .create else {
            return ElasticsearchError(
                400,
                "illegal_argument_exception",
                "only write ops with an op_type of create are allowed in data streams"
            )
        }
        switch document.timestamp {
        case .missing:
            return ElasticsearchError(
                400,
                "document_parsing_exception",
                "[1:1] data stream timestamp field [@timestamp] is missing"
            )
        case .notADate(let text):
            return ElasticsearchError(
                400,
                "document_parsing_exception",
                "[1:1] failed to parse field [@timestamp] of type [date] in document",
                cause: .init(
                    type: "illegal_argument_exception",
                    reason: "failed to parse date field [\(text)] with format [strict_date_optional_time||epoch_millis]"
                )
            )
        case .date: return nil
        }
    }
}
