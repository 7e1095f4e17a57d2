// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// An error in Elasticsearch's words: of a whole request, or of one item of a bulk request.
package struct ElasticsearchError: Error, Sendable, Equatable {
    package var status: Int
    package var type: String
    package var reason: String
    /// `caused_by`, where the real one has it.
    package var cause: Cause?
    package var index: String?

    package struct Cause: Sendable, Equatable {
        package var type: String
        package var reason: String
    }

    package init(_ status: Int, _ type: String, _ reason: String, cause: Cause? = nil, index: String? = nil) {
        self.status = status
        self.type = type
        self.reason = reason
        self.cause = cause
        self.index = index
    }

    package static func notSupported(_ what: String) -> ElasticsearchError {
        ElasticsearchError(400, "illegal_argument_exception", "not supported by the embedded backend: \(what)")
    }

    package static func noIndex(_ name: String) -> ElasticsearchError {
        ElasticsearchError(404, "index_not_found_exception", "no such index [\(name)]", index: name)
    }

    /// The members of the error object.
    package var json: JSONValue {
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
    package var body: JSONValue {
        var members = json.members ?? []
        members.insert(JSONValue.Member(key: "root_cause", value: .array([json])), at: 0)
        return .object(["error": .object(members), "status": .integer(status)])
    }
}
