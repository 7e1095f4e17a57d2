// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// What `setup` of an output of type `elasticsearch` asks for. The names are those of Filebeat's `setup.template`,
/// `setup.ilm` and `setup.dsl`.
package struct ElasticsearchSetupOptions: Sendable, Equatable {
    package struct Template: Sendable, Equatable {
        /// The type of `@timestamp`.
        package enum Timestamp: String, Sendable, CaseIterable {
            case date
            /// Keeps nanoseconds, where `date` keeps milliseconds.
            case dateNanos = "date_nanos"
        }

        package var isEnabled = true
        package var name: String
        package var pattern: String
        /// Filebeat's. Those that come with Elasticsearch have 100, those of its integrations 200.
        package var priority = 150
        package var overwrites = false
        package var timestamp = Timestamp.date
        /// Objects that go into what is made here, and before it.
        package var settings = JSONContent.object([:])
        package var mappings = JSONContent.object([:])
    }

    /// How old events go.
    package struct Lifecycle: Sendable, Equatable {
        package enum Kind: Sendable {
            /// A policy where the server has them, else the data stream's own lifecycle.
            case automatic
            /// A policy: ILM in Elasticsearch, ISM in OpenSearch.
            case policy
            /// The data stream's own.
            case dataStream
            case none
        }

        package var kind = Kind.automatic
        package var policyName: String
        /// A policy as the server takes it, in place of the one that is made here.
        package var policy: JSONContent?
        package var overwrites = false
        /// False where the credentials may not read policies: then none is written either.
        package var checksExistence = true
        package var maximumAge = "30d"
        package var maximumPrimaryShardSize = "50gb"
        /// How long events are kept after rollover, or after a dated index was made; nil: for ever.
        package var retention: String?
    }

    /// `sluice run` does it before its first request.
    package var isAsked = false
    package var template: Template
    package var lifecycle: Lifecycle
    /// A data stream; otherwise indices, of which each has its date in its name.
    package var isDataStream: Bool
    /// The data stream that is made, if there is only one.
    package var dataStream: String?

    /// What is set up without a word.
    package init(index: FormatString) {
        let pattern = IndexPattern(index)
        template = Template(name: pattern.name, pattern: pattern.text)
        lifecycle = Lifecycle(policyName: pattern.name)
        isDataStream = !pattern.hasDate
        dataStream = pattern.hasDate ? nil : index.constant
    }
}
