// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Elasticsearch's bulk API. Every document has an id of its own and is only ever created, so that a repeat is a 409.
package struct ElasticsearchOutput: Output {
    package var options: OutputOptions
    /// The index or data stream of each event.
    package var index: FormatString
    /// The ingest pipeline, if any.
    package var pipeline: String?
    package var setup: ElasticsearchSetupOptions

    package init(options: OutputOptions, index: FormatString, pipeline: String? = nil) {
        setup = ElasticsearchSetupOptions(index: index)
        self.options = options
        self.index = index
        self.pipeline = pipeline
    }

    /// Reads the options of an output of type `elasticsearch`.
    package init?(_ section: ConfigurationSection) {
        var options = OutputOptions(
            section,
            defaults: .init(
                name: "elasticsearch",
                port: 9200,
                bulkMaximumEvents: 10_000,
                bulkMaximumBytes: 5_000_000
            )
        )
        PerformancePreset.apply(section, to: &options)
        let text = section.string("index", default: "logs-sluice-default")
        pipeline = section.optionalString("pipeline")?.lowercased()
        guard let index = FormatString.read(text, "index", section) else {
            section.node("setup").flatMap { $0.entries == nil ? nil : section.section("setup") }?.abandon()
            return nil
        }
        setup = ElasticsearchSetupOptions(section, index: index)
        guard var options else { return nil }
        if let constant = index.constant, let reason = IndexName.problem(constant), let node = section.node("index") {
            section.report(node, "'\(constant)' cannot be an index: \(reason)")
            return nil
        }
        options.isSetUpFirst = setup.isAsked
        self.options = options
        self.index = index
    }

    package func makeEncoder() -> any OutputEncoder { BulkEncoder(self) }

    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict {
        BulkResponse.judge(response, events: request.events.count)
    }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        try await road.lead(ElasticsearchProbe(self), at: destination, options)
    }

    package func setUp(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        let conversation = ElasticsearchSetup(setup, hasCredentials: options.hasCredentials)
        return try await road.lead(conversation, at: destination, options)
    }
}

extension FormatString {
    /// Reads a format string from a section's key, and reports if it is none.
    static func read(_ text: String, _ key: String, _ section: ConfigurationSection) -> FormatString? {
        do throws(FormatString.Invalid) {
            return try FormatString(text)
        } catch {
            section.report(section.node(key) ?? section.node, error.description)
            return nil
        }
    }
}
