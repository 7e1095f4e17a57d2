// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents

/// What a Loki says of its own limits for a tenant, and where an output goes beyond them.
///
/// Source: `GET /config/tenant/v1/limits` of Loki 3.5 and later, which answers in YAML or, newer, in JSON if it is asked
/// to, and may be told to publish some of them alone (`tenant_limits_allow_publish`). Keys are those of `limits_config`.
/// Sizes are written as `256KB`, of 1024 bytes each, durations as `1w` or `10m0s`.
package struct LokiServerLimits: Sendable, Equatable {
    private var values: [String: String] = [:]

    /// Nil if the answer says nothing of limits.
    package init?(_ answer: DestinationAnswer) {
        guard answer.status == 200 else { return nil }
        if let members = (answer.json?["limits"] ?? answer.json)?.members {
            for (key, value) in members {
                switch value {
                case .string(let text), .number(let text): values[key] = text
                case .boolean(let flag): values[key] = flag ? "true" : "false"
                case .null, .array, .object: break
                }
            }
        } else {
            // Of the YAML only what stands on the left and has its value beside it.
            for line in answer.text.split(separator: "\n") where line.first.map({ $0.isLetter }) == true {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = line[colon...].dropFirst().drop { $0 == " " }
                if !value.isEmpty { values[String(line[..<colon])] = value.filter { $0 != "\"" } }
            }
        }
        if values.isEmpty { return nil }
    }

    /// What would make it refuse every event, or whole requests for ever; nil if nothing does.
    package func conflict(_ output: LokiOutput) -> String? {
        if values["allow_structured_metadata"] == "false", !output.structuredMetadata.isEmpty {
            return "it takes no structured metadata (allow_structured_metadata): take 'structured_metadata' out"
        }
        let labels = output.labels.map(\.name)
        // Loki does not count this one, and the output sends no more than it may itself.
        let counted = min(Int64(labels.filter { $0 != "service_name" }.count), output.pushLimits.labelCount.maximum)
        if let maximum = count("max_label_names_per_series"), counted > maximum {
            return "it takes \(maximum) labels (max_label_names_per_series), and these are \(counted): take some out"
        }
        if let maximum = count("max_label_name_length"), let long = labels.first(where: { $0.utf8.count > maximum }) {
            return "it takes labels with names of \(maximum) bytes (max_label_name_length), and '\(long)' is longer: "
                + "shorten it"
        }
        if let burst = values["ingestion_burst_size_mb"].flatMap(Double.init), burst > 0,
            Double(output.options.bulkMaximumBytes) > burst * 1_048_576
        {
            return "it never takes a request of more than \(values["ingestion_burst_size_mb"] ?? "") MB "
                + "(ingestion_burst_size_mb), and bulk_max_bytes is \(output.options.bulkMaximumBytes): make it smaller"
        }
        return nil
    }

    /// Where the output thinks that it takes more than it does.
    package func excesses(_ output: LokiOutput) -> [String] {
        let limits = output.pushLimits
        var words: [String] = []
        func compare(_ kind: PushLimits.Kind, _ own: PushLimits.Limit, _ theirs: Int64?) {
            guard let theirs, theirs > 0, own.maximum > theirs else { return }
            let isTime = kind == .age || kind == .future
            words.append(
                "it takes less than limits.\(kind.name): set that to \(isTime ? DurationText.text(theirs) : "\(theirs)")"
            )
        }
        // What is too long it may cut itself.
        if values["max_line_size_truncate"] != "true" { compare(.lineSize, limits.lineSize, size("max_line_size")) }
        compare(.labelCount, limits.labelCount, count("max_label_names_per_series"))
        compare(.labelValue, limits.labelValue, count("max_label_value_length"))
        if !output.structuredMetadata.isEmpty {
            compare(.metadataSize, limits.metadataSize, size("max_structured_metadata_size"))
            compare(.metadataCount, limits.metadataCount, count("max_structured_metadata_entries_count"))
        }
        if values["reject_old_samples"] != "false", !limits.isAgeLearned {
            compare(.age, limits.age, duration("reject_old_samples_max_age"))
        }
        compare(.future, limits.future, duration("creation_grace_period"))
        return words
    }

    // MARK: Values

    private func count(_ key: String) -> Int64? { values[key].flatMap(Int64.init) }

    /// Bytes. A unit is 1024 of the one before, whatever it is called.
    private func size(_ key: String) -> Int64? {
        guard let text = values[key]?.uppercased() else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number < 1 << 40 else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "B": return number
        case "K", "KB": return number << 10
        case "M", "MB": return number << 20
        case "G", "GB": return number << 30
        default: return nil
        }
    }

    /// Nanoseconds. Days, weeks and years are Prometheus's.
    private func duration(_ key: String) -> Int64? {
        guard let text = values[key] else { return nil }
        var total: Int64 = 0
        var rest = text[...]
        for (unit, hours) in [("y", Int64(8760)), ("w", 168), ("d", 24)] {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, rest.dropFirst(digits.count).hasPrefix(unit), let number = Int64(digits),
                number < 200
            else { continue }
            total += number * hours * 3_600_000_000_000
            rest = rest.dropFirst(digits.count + 1)
        }
        if rest.isEmpty { return total }
        guard let left = DurationText.nanoseconds(String(rest)) else { return nil }
        return total.addingReportingOverflow(left).partialValue
    }
}
