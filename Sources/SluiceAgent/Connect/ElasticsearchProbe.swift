// SPDX-License-Identifier: Apache-2.0

/// Looks whether an Elasticsearch or OpenSearch is there, and whether it would take events, as far as it tells without
/// being sent any.
package struct ElasticsearchProbe: Conversation {
    private enum Stage {
        case root
        /// Something else answers: is it a Loki?
        case stranger
        case privileges
        case index
        case pipeline
    }

    private let pattern: String
    /// The index or data stream, if there is only one.
    private let index: String?
    private let pipeline: String?
    private let hasCredentials: Bool
    private let isSetUpFirst: Bool
    private var stage = Stage.root
    private var words: [String] = []
    private var root = DestinationAnswer(0)
    /// What it said of the privilege to make the index.
    private var mayCreate: Bool?

    package init(_ output: ElasticsearchOutput) {
        pattern = IndexPattern(output.index).text
        index = output.index.constant
        pipeline = output.pipeline
        hasCredentials = output.options.hasCredentials
        isSetUpFirst = output.isSetUpFirst
    }

    package mutating func begin() -> ConversationStep { .ask(DestinationRequest(.get, "/")) }

    package mutating func receive(_ answer: DestinationAnswer) -> ConversationStep {
        switch stage {
        case .root: meet(answer)
        case .stranger: .end(.misconfigured(ServerKind.words(root: root, build: answer)))
        case .privileges: privileges(answer)
        case .index: blocks(answer)
        case .pipeline: pipeline(answer)
        }
    }

    private mutating func meet(_ answer: DestinationAnswer) -> ConversationStep {
        if let server = ElasticsearchServer(answer) {
            if let problem = server.writingProblem { return .end(.misconfigured(problem)) }
            words.append(server.description)
            // OpenSearch has no such question.
            return server.kind == .elasticsearch ? askPrivileges() : askIndex()
        }
        switch answer.status {
        // Whoever may write need not be allowed to ask for the version.
        case 403:
            words.append("the credentials may not ask for its version")
            return askPrivileges()
        case 200, 400, 404, 405:
            root = answer
            stage = .stranger
            return .ask(ServerKind.lokiQuestion)
        default: return .end(DestinationRefusal.finding(answer, purpose: "answer", hasCredentials: hasCredentials))
        }
    }

    // MARK: Privileges

    private mutating func askPrivileges() -> ConversationStep {
        stage = .privileges
        let body = JSONContent.object([
            "index": .array([
                .object([
                    "names": .array([.string(pattern)]),
                    "privileges": .array([.string("create_doc"), .string("auto_configure")]),
                ])
            ])
        ])
        return .ask(DestinationRequest(.post, "/_security/user/_has_privileges", body: body.jsonText))
    }

    private mutating func privileges(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 401: return .end(DestinationRefusal.finding(answer, purpose: "answer", hasCredentials: hasCredentials))
        case 200:
            let granted = answer.json?["index"]?[pattern]
            if granted?["create_doc"]?.boolean == false {
                return .end(
                    .misconfigured(
                        "the credentials may not write to '\(pattern)': give them the privilege create_doc on it"
                    )
                )
            }
            mayCreate = granted?["auto_configure"]?.boolean
            if granted?["create_doc"]?.boolean == true { words.append("'\(pattern)' may be written") }
        // Where security is turned off, nobody asks and everything may be written.
        default: break
        }
        return askIndex()
    }

    // MARK: Index or data stream

    private mutating func askIndex() -> ConversationStep {
        guard let index else { return askPipeline() }
        stage = .index
        let filter = "filter_path=*.settings.index.provided_name,*.settings.index.blocks"
        return .ask(DestinationRequest(.get, "/\(index)/_settings?\(filter)"))
    }

    private mutating func blocks(_ answer: DestinationAnswer) -> ConversationStep {
        guard let index else { return askPipeline() }
        switch answer.status {
        case 404:
            guard mayCreate != false || isSetUpFirst else {
                return .end(
                    .misconfigured(
                        "'\(index)' is not there, and the credentials may not make it: give them the privilege "
                            + "auto_configure, or have it made"
                    )
                )
            }
            words.append("'\(index)' is not there yet")
        case 200:
            // Of a data stream's indices the newest is written.
            let newest = answer.json?.members?.max { $0.key < $1.key }?.value
            let blocks = newest?["settings"]?["index"]?["blocks"]
            let hindrance = ["read_only", "read_only_allow_delete", "write"].first { block in
                blocks?[block]?.text == "true" || blocks?[block]?.boolean == true
            }
            if let hindrance {
                let cause =
                    hindrance == "read_only_allow_delete"
                    ? "its disks were too full: make room there" : "somebody has blocked it: take the block away"
                return .end(.misconfigured("'\(index)' takes no events (index.blocks.\(hindrance)): \(cause)"))
            }
            words.append("'\(index)' is there")
        default: break
        }
        return askPipeline()
    }

    // MARK: Ingest pipeline

    private mutating func askPipeline() -> ConversationStep {
        guard let pipeline else { return .end(.fine(words.joined(separator: "; "))) }
        stage = .pipeline
        return .ask(DestinationRequest(.get, "/_ingest/pipeline/" + pipeline))
    }

    private func pipeline(_ answer: DestinationAnswer) -> ConversationStep {
        guard answer.status == 404, let pipeline else { return .end(.fine(words.joined(separator: "; "))) }
        return .end(
            .misconfigured("it has no ingest pipeline '\(pipeline)': make it there, or take 'pipeline' out")
        )
    }
}
