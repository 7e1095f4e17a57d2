// SPDX-License-Identifier: Apache-2.0

/// What `GET /` says of a server: whether it is an Elasticsearch or an OpenSearch, and what it can do.
package struct ElasticsearchServer: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case elasticsearch = "Elasticsearch"
        case opensearch = "OpenSearch"
    }

    package var kind: Kind
    /// As it says it.
    package var number: String
    /// Nil where it does not tell the truth: an OpenSearch says 7.10.2 if it is to please old clients.
    package var version: ServerVersion?
    /// Elastic's service without clusters, which has no lifecycle policies and always calls itself 8.11.0.
    package var isServerless = false

    package init(_ kind: Kind, _ number: String) {
        self.kind = kind
        self.number = number
        version = ServerVersion(number)
    }

    /// Nil if the answer to `GET /` is of something else.
    ///
    /// Source: "Info" in both API specifications. OpenSearch says `version.distribution`; with
    /// `compatibility.override_main_response_version` it is known by its tagline alone.
    package init?(_ answer: DestinationAnswer) {
        guard answer.status == 200, let root = answer.json, let version = root["version"],
            let number = version["number"]?.text, root["cluster_name"] != nil || root["tagline"] != nil
        else { return nil }
        let isOpenSearch =
            version["distribution"]?.text == "opensearch" || root["tagline"]?.text?.contains("OpenSearch") == true
        self.init(isOpenSearch ? .opensearch : .elasticsearch, number)
        if isOpenSearch, number.hasPrefix("7.") { self.version = nil }
        isServerless = version["build_flavor"]?.text == "serverless"
    }

    package var description: String {
        isServerless ? "Elasticsearch Serverless" : "\(kind.rawValue) \(number)"
    }

    private func isAtLeast(elasticsearch: ServerVersion, opensearch: ServerVersion) -> Bool {
        if isServerless { return true }
        guard let version else { return false }
        return version >= (kind == .elasticsearch ? elasticsearch : opensearch)
    }

    /// Why it cannot be written to as this agent does; nil if it can.
    package var writingProblem: String? {
        guard kind == .elasticsearch, let version, version < ServerVersion(7), !isServerless else { return nil }
        return "Elasticsearch \(number) is too old: requests name no types of documents, which 7.0 and later take"
    }

    /// Why there are no templates and data streams that could be set up; nil if there are.
    package var setupProblem: String? {
        guard kind == .elasticsearch, let version, version < ServerVersion(7, 9), !isServerless else { return nil }
        return "Elasticsearch \(number) has no data streams: set it up by hand, or use 7.9 or later"
    }

    /// The field type `match_only_text`.
    var hasMatchOnlyText: Bool {
        isAtLeast(elasticsearch: ServerVersion(7, 14), opensearch: ServerVersion(2, 12))
    }

    /// `index.mapping.total_fields.ignore_dynamic_beyond_limit`.
    var canIgnoreFieldsBeyondLimit: Bool {
        kind == .elasticsearch && isAtLeast(elasticsearch: ServerVersion(8, 14), opensearch: ServerVersion(0))
    }

    /// `max_primary_shard_size` of a policy's rollover.
    var measuresPrimaryShards: Bool {
        isAtLeast(elasticsearch: ServerVersion(7, 13), opensearch: ServerVersion(0))
    }

    /// `lifecycle` in an index template.
    var hasDataStreamLifecycle: Bool {
        kind == .elasticsearch && isAtLeast(elasticsearch: ServerVersion(8, 11), opensearch: ServerVersion(0))
    }
}
