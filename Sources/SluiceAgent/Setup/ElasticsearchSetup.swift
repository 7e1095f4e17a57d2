// SPDX-License-Identifier: Apache-2.0

/// Sets up an Elasticsearch or OpenSearch: lifecycle policy, index template, data stream. What is there already stays as it
/// is, unless it is to be overwritten.
package struct ElasticsearchSetup: Conversation {
    private enum Stage {
        case root
        /// Something else answers: is it a Loki?
        case stranger
        case readPolicy
        case writePolicy
        case readTemplate
        case writeTemplate
        case readDataStream
        case makeDataStream
    }

    private let options: ElasticsearchSetupOptions
    private let hasCredentials: Bool
    private var stage = Stage.root
    private var root = DestinationAnswer(0)
    private var server = ElasticsearchServer(.elasticsearch, "")
    private var use = LifecycleUse.none
    /// What was done or found, in words.
    private var done: [String] = []

    package init(_ options: ElasticsearchSetupOptions, hasCredentials: Bool) {
        self.options = options
        self.hasCredentials = hasCredentials
    }

    package mutating func begin() -> ConversationStep { .ask(DestinationRequest(.get, "/")) }

    package mutating func receive(_ answer: DestinationAnswer) -> ConversationStep {
        switch stage {
        case .root: meet(answer)
        case .stranger: .end(.misconfigured(ServerKind.words(root: root, build: answer)))
        case .readPolicy: policyRead(answer)
        case .writePolicy: policyWritten(answer)
        case .readTemplate: templateRead(answer)
        case .writeTemplate: templateWritten(answer)
        case .readDataStream: dataStreamRead(answer)
        case .makeDataStream: dataStreamMade(answer)
        }
    }

    // MARK: The server

    private mutating func meet(_ answer: DestinationAnswer) -> ConversationStep {
        guard let server = ElasticsearchServer(answer) else {
            if answer.status == 200 || answer.status == 404 {
                root = answer
                stage = .stranger
                return .ask(ServerKind.lokiQuestion)
            }
            return refusal(answer, "say what it is", privilege: "monitor")
        }
        self.server = server
        done.append(server.description)
        if let problem = server.setupProblem { return .end(.misconfigured(problem)) }
        do throws(SetupImpossible) {
            use = try LifecycleUse(options, server)
        } catch {
            return .end(.misconfigured(error.words))
        }
        let hasPolicy = use == .indexLifecycle || use == .indexState
        guard hasPolicy, options.lifecycle.checksExistence else { return askTemplate() }
        stage = .readPolicy
        return .ask(DestinationRequest(.get, policyPath))
    }

    private func refusal(_ answer: DestinationAnswer, _ purpose: String, privilege: String? = nil) -> ConversationStep {
        .end(
            DestinationRefusal.finding(answer, purpose: purpose, privilege: privilege, hasCredentials: hasCredentials)
        )
    }

    // MARK: Lifecycle policy

    private var policyPath: String {
        (use == .indexState ? "/_plugins/_ism/policies/" : "/_ilm/policy/") + options.lifecycle.policyName
    }

    private var policyWords: String { "lifecycle policy '\(options.lifecycle.policyName)'" }

    private mutating func policyRead(_ answer: DestinationAnswer) -> ConversationStep {
        if answer.isUnheardOf {
            if options.lifecycle.kind == .policy {
                return .end(.misconfigured("it has no lifecycle policies: set setup.ilm.enabled: false"))
            }
            use = .none
            done.append("no lifecycle policies there")
            return askTemplate()
        }
        switch answer.status {
        case 200 where !options.lifecycle.overwrites:
            done.append("\(policyWords) is there already")
            return askTemplate()
        case 200: return writePolicy(over: answer.json)
        case 404: return writePolicy(over: nil)
        default:
            let privilege = use == .indexState ? "cluster:admin/opendistro/ism/policy/get" : "read_ilm"
            return refusal(answer, "read the lifecycle policy", privilege: privilege)
        }
    }

    private mutating func writePolicy(over existing: JSONContent?) -> ConversationStep {
        stage = .writePolicy
        guard use == .indexState else {
            let body = LifecyclePolicyText.indexLifecycle(options, server)
            return .ask(DestinationRequest(.put, policyPath, body: body))
        }
        var path = policyPath
        // Without these OpenSearch overwrites nothing.
        if let sequence = existing?["_seq_no"]?.integer, let term = existing?["_primary_term"]?.integer {
            path += "?if_seq_no=\(sequence)&if_primary_term=\(term)"
        }
        return .ask(DestinationRequest(.put, path, body: LifecyclePolicyText.indexState(options)))
    }

    private mutating func policyWritten(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 200, 201: done.append("\(policyWords) written")
        // Somebody else has been quicker.
        case 409 where use == .indexState && !options.lifecycle.overwrites:
            done.append("\(policyWords) is there already")
        default:
            let privilege = use == .indexState ? "cluster:admin/opendistro/ism/policy/write" : "manage_ilm"
            return refusal(answer, "write the lifecycle policy", privilege: privilege)
        }
        return askTemplate()
    }

    // MARK: Index template

    private var templatePath: String { "/_index_template/" + options.template.name }

    private var templateWords: String { "index template '\(options.template.name)'" }

    private mutating func askTemplate() -> ConversationStep {
        guard options.template.isEnabled else { return askDataStream() }
        stage = .readTemplate
        return .ask(DestinationRequest(.get, templatePath))
    }

    private mutating func templateRead(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 200 where !options.template.overwrites:
            let found = answer.json?["index_templates"]?.elements?.first?["index_template"]
            let patterns = found?["index_patterns"]
            let texts = patterns?.elements?.compactMap(\.text) ?? patterns?.text.map { [$0] } ?? []
            let wanted = options.template.pattern
            guard texts.isEmpty || texts.contains(where: { IndexPattern.matches(wanted, pattern: $0) }) else {
                return .end(
                    .misconfigured(
                        "its \(templateWords) is for '\(texts.joined(separator: ", "))' and not for "
                            + "'\(options.template.pattern)': choose another setup.template.name, or overwrite: true"
                    )
                )
            }
            done.append("\(templateWords) is there already")
            return askDataStream()
        case 200, 404:
            stage = .writeTemplate
            let query = options.template.overwrites ? "" : "?create=true"
            let body = IndexTemplateText.json(options, server, use)
            return .ask(DestinationRequest(.put, templatePath + query, body: body))
        default: return refusal(answer, "read the index template", privilege: "manage_index_templates")
        }
    }

    private mutating func templateWritten(_ answer: DestinationAnswer) -> ConversationStep {
        switch answer.status {
        case 200, 201: done.append("\(templateWords) written")
        // Somebody else has been quicker.
        case 400 where !options.template.overwrites && answer.text.contains("already exists"):
            done.append("\(templateWords) is there already")
        default: return refusal(answer, "write the index template", privilege: "manage_index_templates")
        }
        return askDataStream()
    }

    // MARK: Data stream

    private mutating func askDataStream() -> ConversationStep {
        guard let name = options.dataStream else { return end() }
        stage = .readDataStream
        return .ask(DestinationRequest(.get, "/_data_stream/" + name))
    }

    private mutating func dataStreamRead(_ answer: DestinationAnswer) -> ConversationStep {
        guard let name = options.dataStream else { return end() }
        let found = answer.json?["data_streams"]?.elements?.first
        switch answer.status {
        case 200 where found != nil:
            var words = "data stream '\(name)' is there already"
            if options.template.isEnabled, let template = found?["template"]?.text, template != options.template.name {
                words += ", made by the template '\(template)' and so far as that says: the next rollover changes it"
            }
            done.append(words)
            return end()
        case 200, 404:
            stage = .makeDataStream
            return .ask(DestinationRequest(.put, "/_data_stream/" + name))
        // Who may only write makes it by its first event.
        case 403: return end()
        default: return refusal(answer, "look for the data stream", privilege: "view_index_metadata")
        }
    }

    private mutating func dataStreamMade(_ answer: DestinationAnswer) -> ConversationStep {
        guard let name = options.dataStream else { return end() }
        switch answer.status {
        case 200, 201: done.append("data stream '\(name)' made")
        case 400 where answer.text.contains("resource_already_exists"):
            guard answer.reason.contains("data_stream") || answer.reason.contains("data stream") else {
                return .end(
                    .misconfigured(
                        "'\(name)' is an index there already, and no data stream: choose another index, or set "
                            + "setup.data_stream: false"
                    )
                )
            }
            done.append("data stream '\(name)' is there already")
        case 403: break
        default: return refusal(answer, "make the data stream '\(name)'", privilege: "create_index")
        }
        return end()
    }

    private func end() -> ConversationStep { .end(.fine(done.joined(separator: "; "))) }
}
