// SPDX-License-Identifier: Apache-2.0

/// Outputs that share a layout, and so each line.
final class LayoutGroup: Sendable {
    let layout: any LogLayout
    /// The layout ends its lines itself, and writes no other newline.
    let isBuiltIn: Bool
    let reserved: ReservedKeys
    let policy: EncodingPolicy
    let outputs: [(rank: UInt8, destination: any LogDestination)]
    /// The lowest of the outputs.
    let lowestRank: UInt8

    init(layout: any LogLayout, outputs: [LogOutput], policy: EncodingPolicy) {
        self.layout = layout
        self.policy = policy
        isBuiltIn = layout is any BuiltInLayout
        reserved = ReservedKeys(layout.reservedKeys)
        self.outputs = outputs.map { (LevelRank.of($0.level), $0.destination) }
        lowestRank = self.outputs.map(\.rank).min() ?? LevelRank.off
    }

    /// Outputs by their layouts, in the order in which the layouts are first met.
    static func groups(_ outputs: [LogOutput], policy: EncodingPolicy) -> [LayoutGroup] {
        var layouts: [(layout: any LogLayout, outputs: [LogOutput])] = []
        for output in outputs {
            let isTerminal = (output.destination as? ConsoleDestination)?.isTerminal ?? false
            let layout = output.layout.adapted(isTerminal: isTerminal)
            if let known = layouts.firstIndex(where: { $0.layout.isEqual(to: layout) }) {
                layouts[known].outputs.append(output)
            } else {
                layouts.append((layout, [output]))
            }
        }
        return layouts.map { LayoutGroup(layout: $0.layout, outputs: $0.outputs, policy: policy) }
    }
}
