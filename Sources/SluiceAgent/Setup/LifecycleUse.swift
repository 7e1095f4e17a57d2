// SPDX-License-Identifier: Apache-2.0

/// How old events go at the server that was found.
enum LifecycleUse: Equatable {
    /// Elasticsearch's index lifecycle management.
    case indexLifecycle
    /// OpenSearch's index state management.
    case indexState
    /// The data stream's own lifecycle.
    case dataStream
    case none

    /// - Throws: if what is asked for is not there.
    init(_ options: ElasticsearchSetupOptions, _ server: ElasticsearchServer) throws(SetupImpossible) {
        switch options.lifecycle.kind {
        case .none: self = .none
        case .dataStream:
            guard server.hasDataStreamLifecycle else {
                throw SetupImpossible("\(server.description) has no lifecycle of data streams: use 'ilm', not 'dsl'")
            }
            self = .dataStream
        case .policy where server.isServerless:
            throw SetupImpossible("\(server.description) has no lifecycle policies: use 'dsl' instead of 'ilm'")
        case .policy, .automatic:
            if server.isServerless {
                self = options.isDataStream ? .dataStream : .none
            } else if !options.isDataStream, options.lifecycle.policy == nil, options.lifecycle.retention == nil {
                // An index with a date needs no rollover, and nothing deletes it.
                self = .none
            } else {
                self = server.kind == .elasticsearch ? .indexLifecycle : .indexState
            }
        }
    }
}

/// Why a set-up cannot be done at this server, in words.
struct SetupImpossible: Error {
    var words: String
    init(_ words: String) { self.words = words }
}
