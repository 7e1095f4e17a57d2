// SPDX-License-Identifier: Apache-2.0

/// What can be set up beside indices. It is kept and given back; index templates say which indices are data streams.
enum AssetKind: String, Sendable {
    case indexTemplate = "index_template"
    case componentTemplate = "component_template"
    case legacyTemplate = "template"
    case lifecyclePolicy = "ilm_policy"
    case ingestPipeline = "ingest_pipeline"

    /// The kind and the name in a path; an empty name stands for all.
    static func parse(_ path: [String]) -> (kind: AssetKind, name: String)? {
        let (kind, rest): (AssetKind, ArraySlice<String>)
        switch (path.first, path.dropFirst().first) {
        case ("_index_template", _): (kind, rest) = (.indexTemplate, path.dropFirst())
        case ("_component_template", _): (kind, rest) = (.componentTemplate, path.dropFirst())
        case ("_template", _): (kind, rest) = (.legacyTemplate, path.dropFirst())
        case ("_ilm", "policy"): (kind, rest) = (.lifecyclePolicy, path.dropFirst(2))
        case ("_ingest", "pipeline"): (kind, rest) = (.ingestPipeline, path.dropFirst(2))
        default: return nil
        }
        return rest.count < 2 ? (kind, rest.first ?? "") : nil
    }

    /// What is wrong with a body; nil if nothing is.
    func problem(_ body: JSONValue) -> String? {
        guard body.members != nil else { return "the body is not an object" }
        switch self {
        case .indexTemplate where IndexTemplate(name: "", body: body) == nil: return "index patterns are missing"
        case .lifecyclePolicy where body["policy"]?.members == nil: return "Required [policy]"
        default: return nil
        }
    }

    /// The answer to a GET.
    func answer(_ found: [(name: String, body: JSONValue)]) -> JSONValue {
        switch self {
        case .indexTemplate: listed(found, "index_templates", "index_template")
        case .componentTemplate: listed(found, "component_templates", "component_template")
        case .lifecyclePolicy:
            .object(
                found.map { name, body in
                    let policy = JSONValue.object(["version": .integer(1), "policy": body["policy"]])
                    return JSONValue.Member(key: name, value: policy)
                }
            )
        case .legacyTemplate, .ingestPipeline:
            .object(found.map { JSONValue.Member(key: $0.name, value: $0.body) })
        }
    }

    private func listed(_ found: [(name: String, body: JSONValue)], _ list: String, _ one: String) -> JSONValue {
        let elements = found.map { name, body in
            JSONValue.object([
                JSONValue.Member(key: "name", value: .string(name)), JSONValue.Member(key: one, value: body),
            ])
        }
        return .object([JSONValue.Member(key: list, value: .array(elements))])
    }
}
