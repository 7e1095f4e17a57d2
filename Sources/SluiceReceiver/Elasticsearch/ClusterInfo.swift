// SPDX-License-Identifier: Apache-2.0

/// What is said about the cluster, which is one node with one shard for each index.
enum ClusterInfo {
    static var root: JSONValue {
        .object([
            "name": .string("sluice"),
            "cluster_name": .string("sluice"),
            "cluster_uuid": .string("sluice-embedded-backend"),
            "version": .object([
                "number": .string(ElasticsearchAPI.version), "build_flavor": .string("default"),
                "build_type": .string("sluice"), "build_hash": .string("unknown"),
                "build_date": .string("2026-01-01T00:00:00.000Z"), "build_snapshot": .boolean(false),
                "lucene_version": .string("9.12.1"), "minimum_wire_compatibility_version": .string("7.17.0"),
                "minimum_index_compatibility_version": .string("7.0.0"),
            ]),
            "tagline": .string("You Know, for Search"),
        ])
    }

    static func health(indices: Int) -> JSONValue {
        .object([
            "cluster_name": .string("sluice"), "status": .string("green"), "timed_out": .boolean(false),
            "number_of_nodes": .integer(1), "number_of_data_nodes": .integer(1),
            "active_primary_shards": .integer(indices), "active_shards": .integer(indices),
            "relocating_shards": .integer(0), "initializing_shards": .integer(0), "unassigned_shards": .integer(0),
            "delayed_unassigned_shards": .integer(0), "number_of_pending_tasks": .integer(0),
            "number_of_in_flight_fetch": .integer(0), "task_max_waiting_in_queue_millis": .integer(0),
            "active_shards_percent_as_number": .number("100.0"),
        ])
    }

    /// The answer to what refreshes: documents can be found as soon as they are acknowledged anyway.
    static var shards: JSONValue {
        .object(["_shards": .object(["total": .integer(1), "successful": .integer(1), "failed": .integer(0)])])
    }

    static var license: JSONValue {
        .object([
            "license": .object([
                "status": .string("active"), "uid": .string("sluice"), "type": .string("basic"),
                "issue_date": .string("2026-01-01T00:00:00.000Z"), "issue_date_in_millis": .integer(1_767_225_600_000),
                "max_nodes": .integer(1000), "issued_to": .string("sluice"), "issuer": .string("sluice"),
                "start_date_in_millis": .integer(-1),
            ])
        ])
    }

    static var xpack: JSONValue {
        .object([
            "build": .object([:]),
            "license": .object(["uid": .string("sluice"), "type": .string("basic"), "status": .string("active")]),
            "features": .object(["ilm": .object(["available": .boolean(false), "enabled": .boolean(false)])]),
        ])
    }

    static var nodes: JSONValue {
        .object([
            "cluster_name": .string("sluice"),
            "nodes": .object([
                "sluice": .object(["name": .string("sluice"), "version": .string(ElasticsearchAPI.version)])
            ]),
        ])
    }

    static func settings(of targets: [SearchTarget]) -> JSONValue {
        .object(
            targets.map { target in
                JSONValue.Member(
                    key: target.concreteName,
                    value: .object([
                        "aliases": .object([:]),
                        "mappings": .object([:]),
                        "settings": .object([
                            "index": .object([
                                "number_of_shards": .string("1"), "number_of_replicas": .string("0"),
                                "creation_date": .string("\(target.created / 1000)"),
                                "provided_name": .string(target.concreteName), "uuid": .string("\(target.id)"),
                            ])
                        ]),
                    ])
                )
            }
        )
    }
}
