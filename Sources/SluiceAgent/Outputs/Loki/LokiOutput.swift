// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Loki's push API. Several requests may be under way: Loki takes lines out of order within an hour. But while a batch has
/// to be sent again, no later one begins, so that no stream overtakes its own failed batch.
package struct LokiOutput: Output {
    /// A label, or a piece of structured metadata: its name and what its value is made of.
    package struct Label: Sendable {
        package var name: String
        package var value: FormatString
    }

    /// What becomes of an event's line.
    package enum Line: String, CaseIterable, Sendable {
        /// The event as JSON where the input was parsed, the text as it was read where not.
        case auto
        /// The event as JSON.
        case json
        /// The text as it was read.
        case raw
    }

    /// What requests are written in.
    package enum Encoding: String, CaseIterable, Sendable {
        case json
        /// Protocol Buffers, compressed with Snappy.
        case protobuf
    }

    package var options: OutputOptions
    package var encoding: Encoding
    package var labels: [Label]
    package var structuredMetadata: [Label]
    package var line: Line
    /// Whether fields that became a label or structured metadata are left out of the line.
    package var removesLabelFields: Bool

    /// What the Loki at the other end takes.
    package var pushLimits: PushLimits
    /// Each request has one stream alone, because Loki's answer tells the fate of the last one only.
    package var isStrict: Bool
    /// What age this Loki takes.
    let learnedAge = LearnedAge()
    /// Nanoseconds since 1970.
    package var now: @Sendable () -> Int64 = { SystemClock.now() }

    package static let pushPath = "/loki/api/v1/push"

    /// Reads the options of an output of type `loki`.
    package init?(_ section: ConfigurationSection) {
        var options = OutputOptions(
            section,
            defaults: .init(
                name: "loki",
                port: 3100,
                bulkMaximumEvents: 5000,
                bulkMaximumBytes: 4_000_000
            )
        )
        line = section.choice("line", default: .auto)
        encoding = section.choice("encoding", default: .json)
        if encoding == .protobuf {
            for key in ["compression", "compression_level"] {
                guard let node = section.node(key), !node.isNull else { continue }
                section.report(node, "'\(key)' is for JSON: Protocol Buffers are compressed with Snappy, leave it out")
            }
            options?.compression = .snappy
        }
        removesLabelFields = section.boolean("remove_label_fields", default: false)
        if let tenant = section.optionalString("tenant") ?? section.optionalString("tenant_id") {
            options?.headers.append(.init(name: "X-Scope-OrgID", value: tenant))
        }
        section.accept("tenant_id")
        labels = Self.readLabels("labels", section)
        structuredMetadata = Self.readLabels("structured_metadata", section)
        if labels.isEmpty { section.reportMissing("labels", expected: "at least one label, such as {job: sluice}") }
        isStrict = section.boolean("strict", default: false)
        options?.isSetUpFirst = section.boolean("setup", default: false)
        pushLimits = PushLimits(
            section,
            keepsValues: line != .raw && !removesLabelFields,
            labels: labels.map(\.name),
            metadata: structuredMetadata.count
        )
        guard let options, !labels.isEmpty else { return nil }
        self.options = options
        self.options.pace.keepsOrder = true
        if self.options.addresses.allSatisfy({ $0.hasSuffix(Self.pushPath) }) {
            self.options.addresses = options.addresses.map { String($0.dropLast(Self.pushPath.count)) }
        }
    }

    /// A mapping of names to format strings, or a list of field names.
    private static func readLabels(_ key: String, _ section: ConfigurationSection) -> [Label] {
        guard let node = section.node(key), !node.isNull else { return [] }
        var labels: [Label] = []
        if let entries = node.entries {
            for entry in entries {
                guard let text = entry.value.text else {
                    section.reportWrongType(entry.value, expected: "a text such as \"%{[service]}\"")
                    continue
                }
                add(entry.key, text, entry.value, &labels, section)
            }
        } else if let elements = node.elements {
            for element in elements {
                guard let field = element.text else {
                    section.reportWrongType(element, expected: "the name of a field")
                    continue
                }
                let name = String(field.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
                add(name, "%{[\(field)]}", element, &labels, section)
            }
        } else {
            section.reportWrongType(node, expected: "names with their values, or a list of fields")
        }
        return labels
    }

    private static func add(
        _ name: String,
        _ text: String,
        _ node: ConfigurationNode,
        _ labels: inout [Label],
        _ section: ConfigurationSection
    ) {
        let bytes = Array(name.utf8)
        let isName =
            bytes.first.map { !(0x30...0x39).contains($0) } ?? false
            && bytes.allSatisfy { byte in
                (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || (0x30...0x39).contains(byte) || byte == 0x5f
            }
        guard isName, !name.hasPrefix("__") else {
            section.report(
                node,
                "'\(name)' cannot be a label in Loki: use letters, digits and '_', not first a digit or '__'"
            )
            return
        }
        do throws(FormatString.Invalid) {
            labels.append(Label(name: name, value: try FormatString(text)))
        } catch {
            section.report(node, error.description)
        }
    }

    package func makeEncoder() -> any OutputEncoder {
        switch encoding {
        case .json: PushEncoder<JSONPushBody>(self)
        case .protobuf: PushEncoder<ProtobufPushBody>(self)
        }
    }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        try await road.lead(LokiProbe(self), at: destination, options)
    }

    package var limits: [String] { PushLimits.Kind.allCases.map(\.name) }

    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict {
        if pushLimits.isAgeLearned, response.status == 400 { learnedAge.learn(from: response.body, now: now()) }
        return PushResponse.judge(response)
    }
}
