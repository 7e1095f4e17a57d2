// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// An error in Elasticsearch's words: of a whole request, or of one item of a bulk request.
struct ElasticsearchError: Error, Sendable, Equatable {
    var status: Int
    var type: String
    var reason: String
    /// `caused_by`, where the real one has it.
    var cause: Cause?
    var index: String?

    struct Cause: Sendable, Equatable {
        var type: String
        var reason: String
    }

    init(_ status: Int, _ type: String, _ reason: String, cause: Cause? = nil, index: String? = nil) {
        self.status = status
        self.type = type
        self.reason = reason
        self.cause = cause
        self.index = index
    }

    static func notSupported(_ what: String) -> ElasticsearchError {
        ElasticsearchError(400, "illegal_argument_exception", "not supported by the embedded backend: \(what)")
    }

    static func noIndex(_ name: String) -> ElasticsearchError {
        ElasticsearchError(404, "index_not_found_exception", "no such index [\(name)]", index: name)
    }

    /// The members of the error object.
    var json: JSONValue {
        .object([
            "type": .string(type),
            "reason": .string(reason),
            "resource.type": index != nil && status == 404 ? .string("index_or_alias") : nil,
            "resource.id": status == 404 ? index.map { .string($0) } : nil,
            "index_uuid": index.map { _ in .string("_na_") },
            "index": index.map { .string($0) },
            "caused_by": cause.map { .object(["type": .string($0.type), "reason": .string($0.reason)]) },
        ])
    }

    /// The whole response body.
    var body: JSONValue {
        var members = json.members ?? []
        members.insert(JSONValue.Member(key: "root_cause", value: .array([json])), at: 0)
        return .object(["error": .object(members), "status": .integer(status)])
    }
}
