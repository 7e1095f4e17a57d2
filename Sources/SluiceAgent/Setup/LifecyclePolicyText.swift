// SPDX-License-Identifier: Apache-2.0

/// The lifecycle policy that is set up. What it says without a word is Filebeat's: a new backing index every 30 days or
/// 50 GB, and nothing is deleted.
enum LifecyclePolicyText {
    /// Source: "Create or update a lifecycle policy" in Elasticsearch's API specification.
    static func indexLifecycle(_ options: ElasticsearchSetupOptions, _ server: ElasticsearchServer) -> String {
        let lifecycle = options.lifecycle
        if let policy = lifecycle.policy { return policy.jsonText }
        var actions: [String: JSONContent] = [:]
        if options.isDataStream {
            let size = server.measuresPrimaryShards ? "max_primary_shard_size" : "max_size"
            actions["rollover"] = .object([
                "max_age": .string(lifecycle.maximumAge), size: .string(lifecycle.maximumPrimaryShardSize),
            ])
        }
        var phases: [String: JSONContent] = ["hot": .object(["actions": .object(actions)])]
        if let retention = lifecycle.retention {
            phases["delete"] = .object([
                "min_age": .string(retention), "actions": .object(["delete": .object([:])]),
            ])
        }
        return JSONContent.object(["policy": .object(["phases": .object(phases)])]).jsonText
    }

    /// Source: "Index State Management" in OpenSearch's documentation and API specification. The policy finds its indices
    /// itself, by the name of their data stream.
    static func indexState(_ options: ElasticsearchSetupOptions) -> String {
        let lifecycle = options.lifecycle
        if let policy = lifecycle.policy { return policy.jsonText }
        var actions: [JSONContent] = []
        if options.isDataStream {
            actions.append(
                .object([
                    "rollover": .object([
                        "min_index_age": .string(lifecycle.maximumAge),
                        "min_primary_shard_size": .string(lifecycle.maximumPrimaryShardSize),
                    ])
                ])
            )
        }
        var transitions: [JSONContent] = []
        var states: [JSONContent] = []
        if let retention = lifecycle.retention {
            let age = options.isDataStream ? "min_rollover_age" : "min_index_age"
            transitions.append(
                .object(["state_name": .string("delete"), "conditions": .object([age: .string(retention)])])
            )
            states.append(
                .object([
                    "name": .string("delete"), "actions": .array([.object(["delete": .object([:])])]),
                    "transitions": .array([]),
                ])
            )
        }
        states.insert(
            .object(["name": .string("hot"), "actions": .array(actions), "transitions": .array(transitions)]),
            at: 0
        )
        let policy: [String: JSONContent] = [
            "description": .string("Made by sluice"), "default_state": .string("hot"), "states": .array(states),
            "ism_template": .array([
                .object([
                    "index_patterns": .array([.string(options.template.pattern)]),
                    "priority": .number(String(options.template.priority)),
                ])
            ]),
        ]
        return JSONContent.object(["policy": .object(policy)]).jsonText
    }
}
