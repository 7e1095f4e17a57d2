// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Looks at a document the way Elasticsearch does before it takes it: an object, well-formed, no key twice in any of
/// its objects, no metadata fields. Not checked is what a mapping would say (types of fields).
package final class DocumentChecker {
    package enum TimestampField: Equatable {
        case missing
        case date
        case notADate(String)
    }

    package struct Document {
        /// Without the white space around it.
        package var range: Range<Int>
        /// `@timestamp` in nanoseconds, if it is a date.
        package var time: Int64?
        package var timestamp: TimestampField
    }

    private let index = JSONIndex()
    private let inner = JSONIndex()
    private let scratch = ByteArena(capacity: 256)
    /// Ranges of nested objects and arrays still to be looked into.
    private var pending: [Range<Int>] = []
    private var hashes: [UInt64] = []

    package func check(_ text: ByteView) -> Result<Document, ElasticsearchError> {
        do {
            try JSONScanner.scan(text, into: index)
        } catch {
            return .failure(
                ElasticsearchError(
                    400,
                    "document_parsing_exception",
                    "[1:\(error.offset + 1)] failed to parse: \(error.reason.rawValue)",
                    cause: .init(
                        type: "x_content_parse_exception",
                        reason: "[1:\(error.offset + 1)] \(error.reason.rawValue)"
                    )
                )
            )
        }
        guard index.kind == .object else {
            return .failure(
                ElasticsearchError(
                    400,
                    "document_parsing_exception",
                    "[1:1] failed to parse: the document is not an object",
                    cause: .init(type: "not_x_content_exception", reason: "the document is not an object")
                )
            )
        }
        if let key = repeatedKey(in: text, index) { return .failure(Self.duplicate(key)) }
        var document = Document(range: index.start..<index.end, timestamp: .missing)
        pending.removeAll(keepingCapacity: true)
        for child in index.children {
            let key = text[child.key]
            switch child.kind {
            case .object, .array: pending.append(child.value)
            default: break
            }
            if key.isEmpty {
                return .failure(
                    ElasticsearchError(
                        400,
                        "document_parsing_exception",
                        "[1:\(child.keyStart)] field name cannot be an empty string"
                    )
                )
            }
            if key[0] == UInt8(ascii: "_"), Self.metadataFields.contains(key.string) {
                return .failure(
                    ElasticsearchError(
                        400,
                        "document_parsing_exception",
                        "[1:\(child.valueStart)] Field [\(key.string)] is a metadata field and cannot be added inside a "
                            + "document. Use the index API request parameters."
                    )
                )
            }
            if key == ByteView("@timestamp"), child.kind != .null {
                let value = text[child.value]
                document.time = DateText.nanoseconds(value, kind: child.kind)
                document.timestamp = document.time == nil ? .notADate(value.string) : .date
            }
        }
        while let range = pending.popLast() {
            // Cannot fail: the whole has been scanned.
            guard (try? JSONScanner.scan(text[range], origin: range.lowerBound, into: inner)) != nil else { break }
            if inner.kind == .object, let key = repeatedKey(in: text, inner) { return .failure(Self.duplicate(key)) }
            for child in inner.children where child.kind == .object || child.kind == .array {
                pending.append(child.value)
            }
        }
        return .success(document)
    }

    private static let metadataFields: Set<String> = [
        "_id", "_index", "_source", "_routing", "_seq_no", "_version", "_field_names", "_ignored", "_doc_count",
        "_primary_term", "_tier", "_data_stream_timestamp", "_nested_path",
    ]

    private static func duplicate(_ key: String) -> ElasticsearchError {
        ElasticsearchError(
            400,
            "document_parsing_exception",
            "[1:1] failed to parse: Duplicate field '\(key)'",
            cause: .init(type: "x_content_parse_exception", reason: "[1:1] Duplicate field '\(key)'")
        )
    }

    /// A key that an object has more than once.
    private func repeatedKey(in text: ByteView, _ index: JSONIndex) -> String? {
        hashes.removeAll(keepingCapacity: true)
        for child in index.children {
            var key = text[child.key]
            if child.keyIsEscaped {
                scratch.removeAll()
                scratch.appendUnescaped(key)
                key = scratch.view
            }
            hashes.append(XXHash64.hash(key))
        }
        // Few keys are compared each with each; many would make that slow.
        if hashes.count > 48 {
            var seen = Set<UInt64>(minimumCapacity: hashes.count)
            for (position, hash) in hashes.enumerated() where !seen.insert(hash).inserted {
                return text[index.children[position].key].string
            }
            return nil
        }
        for later in 0..<hashes.count {
            let hash = hashes[later]
            for earlier in 0..<later where hashes[earlier] == hash {
                return text[index.children[later].key].string
            }
        }
        return nil
    }
}
