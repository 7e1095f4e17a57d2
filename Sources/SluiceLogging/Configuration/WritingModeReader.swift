// SPDX-License-Identifier: Apache-2.0

import Logging

/// Reads a handler's `mode`: a name, or an object with the name as its `type` and options.
enum WritingModeReader {
    private static let names: [(name: String, value: WritingMode)] = [
        ("immediate", .immediate), ("buffered", .buffered(BufferPolicy())), ("background", .background(QueuePolicy())),
    ]

    static func mode(_ node: ConfigurationNode) -> WritingMode? {
        switch node.value {
        // Python's way to say that a file is appended to, as ours always are.
        case .string("a"): return .immediate
        case .string: return node.choice(names)
        case .object: break
        default:
            node.add("expected the name of a writing mode or an object, found \(node.value.account)")
            return nil
        }
        guard let type = node.members?.first(where: { $0.key == "type" })?.node else {
            node.add("'type' is missing; it is one of 'immediate', 'buffered', 'background'")
            return nil
        }
        switch type.choice(names) {
        case nil: return nil
        case .immediate: return node.members(["type"]).map { _ in .immediate }
        case .buffered(let policy): return buffered(node, policy)
        case .background(let policy): return background(node, policy)
        }
    }

    private static func buffered(_ node: ConfigurationNode, _ standard: BufferPolicy) -> WritingMode? {
        guard let members = node.members(["type", "maxBytes", "interval", "flushLevel"]) else { return nil }
        let bytes = members["maxBytes"].map { $0.integer(in: 1...Int.max) } ?? standard.maximumBytes
        let interval = members["interval"].map { $0.duration(unit: 1, called: "seconds") } ?? standard.interval
        // Null: levels do not matter.
        let level = members["flushLevel"].map { $0.value == .null ? .some(nil) : $0.level.map { $0 } }
        guard let bytes, let interval, let level = level ?? .some(standard.flushLevel) else { return nil }
        return .buffered(BufferPolicy(maximumBytes: bytes, interval: interval, flushLevel: level))
    }

    private static func background(_ node: ConfigurationNode, _ standard: QueuePolicy) -> WritingMode? {
        let known = ["type", "maxBytes", "maxLines", "overflow", "dropLevel"]
        guard let members = node.members(known) else { return nil }
        let bytes = members["maxBytes"].map { $0.integer(in: 1...Int.max) } ?? standard.maximumBytes
        let lines = members["maxLines"].map { $0.integer(in: 1...Int.max) } ?? standard.maximumLines
        let dropLevel = members["dropLevel"].map { $0.level } ?? .warning
        let overflows: [(String, QueuePolicy.Overflow)] = [
            ("block", .block), ("dropOldest", .dropOldest), ("dropNewest", .dropNewest),
            ("dropBelow", .dropBelow(dropLevel ?? .warning)),
        ]
        let overflow = members["overflow"].map { $0.choice(overflows) } ?? standard.overflow
        if let named = members["dropLevel"], let overflow {
            guard case .dropBelow = overflow else {
                named.add("a level to drop below needs \"overflow\": \"dropBelow\"")
                return nil
            }
        }
        guard let bytes, let lines, let overflow, dropLevel != nil else { return nil }
        return .background(QueuePolicy(maximumBytes: bytes, maximumLines: lines, overflow: overflow))
    }
}
