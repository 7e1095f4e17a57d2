// SPDX-License-Identifier: Apache-2.0

/// The index template that is set up.
///
/// Strings are keywords, whatever they look like: a text that is a date today and none tomorrow must not make the server
/// refuse tomorrow's events. The message is text.
///
/// Source: "Create or update an index template" in Elasticsearch's and OpenSearch's API specifications.
enum IndexTemplateText {
    static func json(
        _ options: ElasticsearchSetupOptions,
        _ server: ElasticsearchServer,
        _ lifecycle: LifecycleUse
    ) -> String {
        var template: [String: JSONContent] = [
            "mappings": mappings(options.template, server),
            "settings": settings(options, server, lifecycle),
        ]
        if lifecycle == .dataStream {
            var own: [String: JSONContent] = ["enabled": .boolean(true)]
            if let retention = options.lifecycle.retention { own["data_retention"] = .string(retention) }
            template["lifecycle"] = .object(own)
        }
        var content: [String: JSONContent] = [
            "index_patterns": .array([.string(options.template.pattern)]),
            "priority": .number(String(options.template.priority)),
            "template": .object(template),
            "_meta": .object(["created_by": .string("sluice"), "version": .string(AgentVersion.text)]),
        ]
        if options.isDataStream { content["data_stream"] = .object([:]) }
        return JSONContent.object(content).jsonText
    }

    private static func mappings(
        _ template: ElasticsearchSetupOptions.Template,
        _ server: ElasticsearchServer
    ) -> JSONContent {
        var mappings: [String: JSONContent] = [
            "date_detection": .boolean(false),
            "dynamic_templates": .array([
                .object([
                    "strings_as_keywords": .object([
                        "match_mapping_type": .string("string"),
                        "mapping": .object(["type": .string("keyword"), "ignore_above": .number("1024")]),
                    ])
                ])
            ]),
            "properties": .object([
                "@timestamp": .object(["type": .string(template.timestamp.rawValue)]),
                "message": .object(["type": .string(server.hasMatchOnlyText ? "match_only_text" : "text")]),
            ]),
        ]
        // Filebeat has it among the settings.
        if let source = template.settings["_source"] { mappings["_source"] = source }
        return template.mappings.merged(with: .object(mappings), whole: "type")
    }

    private static func settings(
        _ options: ElasticsearchSetupOptions,
        _ server: ElasticsearchServer,
        _ lifecycle: LifecycleUse
    ) -> JSONContent {
        var own: [String: JSONContent] = [:]
        if lifecycle == .indexLifecycle { own["lifecycle"] = .object(["name": .string(options.lifecycle.policyName)]) }
        if server.canIgnoreFieldsBeyondLimit {
            // An event with one field too many is kept, and only the field cannot be searched.
            own["mapping"] = .object(["total_fields": .object(["ignore_dynamic_beyond_limit": .boolean(true)])])
        }
        var chosen = options.template.settings.members ?? [:]
        chosen["_source"] = nil
        if own.isEmpty { return .object(chosen) }
        return JSONContent.object(chosen).merged(with: .object(["index": .object(own)]))
    }
}
