// SPDX-License-Identifier: Apache-2.0

/// What answers at an address, if it is not what was expected there.
package enum ServerKind {
    /// What a Loki says its version to.
    static let lokiQuestion = DestinationRequest(.get, "/loki/api/v1/status/buildinfo")

    /// A Loki's version, from the answer to `GET /loki/api/v1/status/buildinfo`; nil if it is none.
    static func lokiVersion(_ answer: DestinationAnswer) -> String? {
        guard answer.status == 200, let build = answer.json, let version = build["version"]?.text,
            build["revision"] != nil || build["goVersion"] != nil
        else { return nil }
        return version
    }

    /// That something which nobody knows answers.
    static func strangerWords(_ answer: DestinationAnswer, expected: String) -> String {
        let reason = answer.reason.prefix(100)
        let text = reason.isEmpty ? "" : ": \(reason)"
        return "what answers there is no \(expected) (\(answer.status)\(text)); check host, port and path"
    }

    /// That a server of another kind answers.
    static func otherWords(_ found: String, type: String, expected: String) -> String {
        "what answers there is \(found) and no \(expected): correct the address, or make the output one of type \(type)"
    }

    /// What answers in the place of an Elasticsearch, by its answers to `GET /` and to the question for a Loki.
    static func words(root: DestinationAnswer, build: DestinationAnswer) -> String {
        guard let version = lokiVersion(build) else { return strangerWords(root, expected: "Elasticsearch") }
        return otherWords("a Loki (\(version))", type: "loki", expected: "Elasticsearch")
    }
}
