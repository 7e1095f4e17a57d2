// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads the labels of a pushed stream, and refuses what Loki refuses.
struct StreamLabelsReader {
    struct Refusal: Error, Equatable {
        var message: String
        /// The whole push is refused, not this stream alone: Loki could not even read the labels.
        var isWhole = false
    }

    /// Where Loki looks for a service's name (`discover_service_name`).
    static let serviceNameLabels = [
        "service", "app", "application", "app_name", "name", "app_kubernetes_io_name", "container", "container_name",
        "k8s_container_name", "component", "workload", "job", "k8s_job_name",
    ]

    let limits: LokiLimits

    /// - Parameter object: a valid JSON object of strings.
    func read(_ object: ByteView) -> Result<StreamLabels, Refusal> {
        let arena = ByteArena(capacity: object.count)
        var labels: [LabelSet.Label] = []
        var walker = JSONWalker(object)
        guard walker.enter("{") else { return .failure(Refusal(message: "the labels are not an object")) }
        while let key = walker.nextKey() {
            guard let value = walker.string() else { break }
            let name = arena.append(key, of: object)
            let text = arena.append(value, of: object)
            labels.append(LabelSet.Label(name: arena.view(name).string, value: arena.view(text).string))
        }
        let written = "{" + labels.map { "\($0.name)=\(GoQuoting.quote($0.value))" }.joined(separator: ", ") + "}"
        for label in labels where !Self.isName(label.name) {
            return .failure(
                Refusal(
                    message: "couldn't parse labels: '\(written)': the label name \"\(label.name)\" is not letters, "
                        + "digits and underscores, the first of them no digit",
                    isWhole: true
                )
            )
        }
        var set = LabelSet(labels.filter { !$0.value.isEmpty })
        guard !set.labels.isEmpty else {
            return .failure(Refusal(message: "error at least one label pair is required per stream"))
        }
        let count = set.labels.filter { $0.name != "service_name" }.count
        guard count <= limits.maximumLabelNames else {
            return .failure(
                Refusal(
                    message: "entry for stream '\(written)' has \(count) label names; limit \(limits.maximumLabelNames)"
                )
            )
        }
        for label in set.labels {
            if label.name.utf8.count > limits.maximumLabelNameBytes {
                return .failure(Refusal(message: "stream '\(written)' has label name too long: '\(label.name)'"))
            }
            if label.value.utf8.count > limits.maximumLabelValueBytes {
                return .failure(Refusal(message: "stream '\(written)' has label value too long: '\(label.value)'"))
            }
        }
        if limits.addsServiceName, set["service_name"] == nil {
            let found = Self.serviceNameLabels.lazy.compactMap { set[$0] }.first
            set["service_name"] = found ?? "unknown_service"
        }
        return .success(StreamLabels(set))
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
        }
    }
}
