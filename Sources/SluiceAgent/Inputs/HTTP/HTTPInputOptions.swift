// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// What an input of type `http` can be told, under the names of Filebeat's `http_endpoint`.
struct HTTPInputOptions: InputConfiguration {
    enum Prefix: String, CaseIterable, Sendable {
        /// An object's members become the event's fields.
        case root = "."
        /// They stand under `json`.
        case json
    }

    var queue: QueueOptions
    var address: ListenAddress
    /// The path that is posted to.
    var path: String
    var prefix: Prefix
    /// Of a request, before and after decompression.
    var maximumBodyBytes: Int
    /// Of all requests that are being taken.
    var maximumInFlightBytes: Int
    /// What is asked for in `Content-Type`; empty for anything.
    var contentType: String
    /// The whole header `Authorization`; nil for none.
    var authorization: String?
    /// A header, and what it must be.
    var secret: (header: String, value: String)?
    var responseCode: Int
    var responseBody: String
    /// Seconds after which a sender may try again.
    var retryAfter: Int

    var name: String { queue.name }
    var isQueued: Bool { true }

    var ownParser: (@Sendable () -> any EventParser)? {
        let prefix = prefix
        return {
            var options = JSONParserOptions()
            options.keysUnderRoot = prefix == .root
            return JSONEventParser(options)
        }
    }

    init?(_ section: ConfigurationSection, number: Int, _ context: ProcessorContext) {
        let problems = section.problems.count
        let isFilebeats = section.string("type", default: "http") == "http_endpoint"
        queue = QueueOptions(section, type: "http", number: number, hostName: context.host.name)
        let host = section.string("listen_address", default: "127.0.0.1")
        address = ListenAddress(
            host: host.isEmpty ? "127.0.0.1" : host,
            port: section.integer("listen_port", default: 8000, in: 0...65_535)
        )
        path = section.string("url", default: "/")
        prefix = section.choice("prefix", default: isFilebeats ? .json : .root)
        maximumBodyBytes = section.bytes("max_body_bytes", default: 16 << 20, in: 1024...(1 << 30))
        maximumInFlightBytes = section.bytes("max_in_flight_bytes", default: 64 << 20, in: 1024...(1 << 34))
        contentType = section.string("content_type", default: isFilebeats ? "application/json" : "")
        responseCode = section.integer("response_code", default: 200, in: 200...299)
        responseBody = section.string("response_body", default: #"{"message": "success"}"#)
        retryAfter = section.integer("retry_after", default: 10, in: 0...86_400)
        if !path.hasPrefix("/"), let node = section.node("url") {
            section.reportWrongType(node, expected: "a path such as /logs")
        }
        if responseBody.withByteView({ (try? JSONScanner.validate($0)) == nil }),
            let node = section.node("response_body")
        {
            section.reportWrongType(node, expected: "JSON")
        }
        if maximumBodyBytes > queue.maximumBytes {
            section.report(
                section.node("max_body_bytes") ?? section.node("queue.max_bytes") ?? section.node,
                "a body of max_body_bytes (\(maximumBodyBytes)) does not fit into the queue (\(queue.maximumBytes))"
            )
        }
        readCredentials(section)
        if section.problems.count > problems { return nil }
    }

    private mutating func readCredentials(_ section: ConfigurationSection) {
        let username = section.string("username", default: "")
        let password = section.string("password", default: "")
        if section.boolean("basic_auth", default: false) {
            if username.isEmpty || password.isEmpty {
                section.reportMissing(
                    username.isEmpty ? "username" : "password",
                    expected: "a value, because 'basic_auth' is on"
                )
            }
            authorization = "Basic " + Base64Text.encode(Array("\(username):\(password)".utf8))
        }
        let header = section.string("secret.header", default: "")
        let value = section.string("secret.value", default: "")
        if header.isEmpty != value.isEmpty {
            section.reportMissing(
                header.isEmpty ? "secret.header" : "secret.value",
                expected: "a value: a secret is a header and what it must be"
            )
        }
        if !header.isEmpty { secret = (header, value) }
    }

    func makeInput(_ environment: InputEnvironment) throws -> any Input {
        let counters = InputCounters(name: name)
        let source =
            environment.isOnce ? nil : try HTTPSource(self, counters: counters, logger: environment.logger)
        return try QueueInput(queue, counters: counters, source: source, environment)
    }
}
