// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// What a Loki takes, and what becomes of events beyond that. Keys and defaults are those of Loki's `limits_config`.
///
/// Source: Loki's reference of `limits_config`.
package struct PushLimits: Sendable, Equatable {
    /// The limits that are looked at for each event.
    package enum Kind: Int, CaseIterable, Sendable {
        case lineSize
        case labelCount
        case labelValue
        case metadataSize
        case metadataCount
        case age
        case future

        /// Its key in Loki's configuration.
        package var name: String {
            switch self {
            case .lineSize: "max_line_size"
            case .labelCount: "max_label_names_per_series"
            case .labelValue: "max_label_value_length"
            case .metadataSize: "max_structured_metadata_size"
            case .metadataCount: "max_structured_metadata_entries_count"
            case .age: "reject_old_samples_max_age"
            case .future: "creation_grace_period"
            }
        }
    }

    package struct Limit: Sendable, Equatable {
        /// Bytes, entries or nanoseconds; the largest number for no limit.
        package var maximum: Int64
        package var action: LimitAction
        /// Somebody has said what is to be done.
        package var isChosen = false

        package init(maximum: Int64, action: LimitAction, isChosen: Bool = false) {
            self.maximum = maximum
            self.action = action
            self.isChosen = isChosen
        }
    }

    package var lineSize = Limit(maximum: 256 << 10, action: .deadLetter)
    package var labelCount = Limit(maximum: 15, action: .truncate)
    package var labelValue = Limit(maximum: 2048, action: .truncate)
    package var metadataSize = Limit(maximum: 64 << 10, action: .truncate)
    package var metadataCount = Limit(maximum: 128, action: .truncate)
    package var age = Limit(maximum: .max, action: .deadLetter)
    package var future = Limit(maximum: 600_000_000_000, action: .deadLetter)
    /// The age is what this Loki says when it refuses an event as too old: many take older ones than Loki's default of a
    /// week, and none of those must be held back.
    package var isAgeLearned = true

    /// Reads an output's `limits`: each key has a value (0 for none), or `{value, action}`.
    ///
    /// - Parameters:
    ///   - keepsValues: what becomes a label or metadata stands in the line, too, so that cutting it loses nothing.
    ///   - labels: names that are going to be labels.
    ///   - metadata: how many fields are going to be structured metadata.
    init(_ output: ConfigurationSection, keepsValues: Bool, labels: [String], metadata: Int) {
        if !keepsValues {
            for limit in [\PushLimits.labelCount, \.labelValue, \.metadataSize, \.metadataCount] {
                self[keyPath: limit].action = .deadLetter
            }
        }
        var nameBytes = 1024
        if let node = output.node("limits"), !node.isNull, let section = output.section("limits") {
            lineSize.read(.lineSize, section) { $0.optionalBytes($1).map(Int64.init) }
            labelCount.read(.labelCount, section) { $0.optionalInteger($1, in: 0...1_000_000).map(Int64.init) }
            labelValue.read(.labelValue, section) { $0.optionalBytes($1).map(Int64.init) }
            metadataSize.read(.metadataSize, section) { $0.optionalBytes($1).map(Int64.init) }
            metadataCount.read(.metadataCount, section) { $0.optionalInteger($1, in: 0...1_000_000).map(Int64.init) }
            isAgeLearned = !age.read(.age, section, canCut: false) { $0.optionalDuration($1) }
            future.read(.future, section, canCut: false) { $0.optionalDuration($1) }
            nameBytes = section.bytes("max_label_name_length", default: nameBytes)
        }
        check(output, labels: labels, nameBytes: nameBytes, metadata: metadata)
    }

    /// Reports what no event could pass.
    private func check(_ output: ConfigurationSection, labels: [String], nameBytes: Int, metadata: Int) {
        if let node = output.node("labels") {
            let count = labels.filter { $0 != "service_name" }.count
            if count > labelCount.maximum, !labelCount.isChosen {
                output.report(
                    node,
                    "Loki takes at most \(labelCount.maximum) labels, and these are \(count)",
                    suggestion: "leave some out, or set 'limits.max_label_names_per_series' as in this Loki"
                )
            }
            for name in labels where nameBytes > 0 && name.utf8.count > nameBytes {
                output.report(
                    node,
                    "the label name '\(name.prefix(40))…' has more than the \(nameBytes) bytes that Loki takes"
                )
            }
        }
        if let node = output.node("structured_metadata"), metadata > metadataCount.maximum, !metadataCount.isChosen {
            output.report(
                node,
                "Loki takes at most \(metadataCount.maximum) entries of structured metadata, and these are \(metadata)",
                suggestion: "leave some out, or set 'limits.max_structured_metadata_entries_count' as in this Loki"
            )
        }
    }
}

extension PushLimits.Limit {
    /// - Returns: whether there is a value.
    @discardableResult
    fileprivate mutating func read(
        _ kind: PushLimits.Kind,
        _ section: ConfigurationSection,
        canCut: Bool = true,
        _ value: (ConfigurationSection, String) -> Int64?
    ) -> Bool {
        guard let node = section.node(kind.name), !node.isNull else { return false }
        guard node.entries != nil, let inner = section.section(kind.name) else {
            return take(value(section, kind.name))
        }
        if let action = inner.optionalChoice("action", of: LimitAction.self) {
            if action == .truncate, !canCut, let node = inner.node("action") {
                inner.report(node, "a time cannot be cut: expected one of drop, dead_letter for \(node.path)")
            } else {
                self.action = action
                isChosen = true
            }
        }
        return take(value(inner, "value"))
    }

    private mutating func take(_ value: Int64?) -> Bool {
        guard let value else { return false }
        maximum = value == 0 ? .max : value
        return true
    }
}
