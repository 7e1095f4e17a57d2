// SPDX-License-Identifier: Apache-2.0

import Logging

/// Reads `handlers`: what is written where.
struct HandlerSection {
    private enum Class {
        case console
        case pythonStream
        case file
        case rotatingFile
        case pythonRotatingFile
        case pythonTimedRotatingFile
        case pythonNull
    }

    private static let classes: [(name: String, value: Class)] = [
        ("console", .console), ("file", .file), ("rotating_file", .rotatingFile),
        ("logging.StreamHandler", .pythonStream), ("logging.FileHandler", .file),
        ("logging.handlers.RotatingFileHandler", .pythonRotatingFile),
        ("logging.handlers.TimedRotatingFileHandler", .pythonTimedRotatingFile),
        ("logging.NullHandler", .pythonNull),
    ]
    private static let commonKeys = ["class", "formatter", "level", "mode"]
    private static let fileKeys = ["filename", "encoding", "sync"]
    private static let rotationKeys = [
        "maxBytes", "backupCount", "when", "atTime", "timeZone", "naming", "maxAgeDays", "maxTotalBytes", "compress",
    ]
    private static let timedRotationKeys = [
        "when", "interval", "backupCount", "utc", "atTime", "maxAgeDays", "maxTotalBytes", "compress",
    ]

    /// The layouts that there are, by name; nil for those that are described wrongly.
    let layouts: [(name: String, layout: (any LogLayout)?)]

    func plan(_ name: String, _ node: ConfigurationNode) -> HandlerPlan? {
        guard let members = node.members else { return nil }
        guard let named = members.first(where: { $0.key == "class" })?.node else {
            node.add("'class' is missing; it is one of 'console', 'file', 'rotating_file'")
            return nil
        }
        guard let kind = named.choice(Self.classes) else { return nil }
        switch kind {
        case .console: return console(name, node, .standardOutput)
        case .pythonStream: return console(name, node, .standardError)
        case .file: return file(name, node, keys: []) { $0.read(FilePlanDefaults.never) }
        case .rotatingFile:
            return file(name, node, keys: Self.rotationKeys) { $0.read(FilePlanDefaults.rotating) }
        case .pythonRotatingFile:
            return file(name, node, keys: Self.rotationKeys) { $0.read(FilePlanDefaults.python) }
        case .pythonTimedRotatingFile:
            return file(name, node, keys: Self.timedRotationKeys) { TimedRotationReader(reader: $0).read() }
        case .pythonNull: return nothing(name, node)
        }
    }

    private func console(
        _ name: String,
        _ node: ConfigurationNode,
        _ target: DestinationPlan.Target
    ) -> HandlerPlan? {
        guard let members = node.members(Self.commonKeys + ["stream"]) else { return nil }
        let streams: [(String, DestinationPlan.Target)] = [
            ("stdout", .standardOutput), ("stderr", .standardError),
            ("ext://sys.stdout", .standardOutput), ("ext://sys.stderr", .standardError),
        ]
        let stream = members["stream"].map { $0.choice(streams) } ?? target
        return handler(name, node, members, stream)
    }

    /// A handler that writes nothing; what it says is checked all the same.
    private func nothing(_ name: String, _ node: ConfigurationNode) -> HandlerPlan? {
        guard let members = node.members(["class", "formatter", "level"]) else { return nil }
        var plan = handler(name, node, members, .standardOutput)
        plan?.destination = nil
        return plan
    }

    private func file(
        _ name: String,
        _ node: ConfigurationNode,
        keys: [String],
        _ read: (FilePlanReader) -> DestinationPlan.FilePlan?
    ) -> HandlerPlan? {
        guard let members = node.members(Self.commonKeys + Self.fileKeys + keys) else { return nil }
        if let encoding = members["encoding"] {
            let name = encoding.string?.lowercased()
            if let name, name != "utf-8", name != "utf8" { encoding.add("files are written in UTF-8 only") }
        }
        let plan = read(FilePlanReader(members: members))
        let path = members["filename"].map { $0.string } ?? ""
        if path == "" {
            let missing = "'filename' is missing"
            if let named = members["filename"] { named.add("expected a path, found ''") } else { node.add(missing) }
        }
        var target: DestinationPlan.Target?
        if var plan, let path, !path.isEmpty {
            plan.path = path
            target = .file(plan)
        }
        return handler(name, node, members, target)
    }

    /// Reads what all handlers have. All of it is read before anything is given up, so that each problem is found.
    private func handler(
        _ name: String,
        _ node: ConfigurationNode,
        _ members: [String: ConfigurationNode],
        _ target: DestinationPlan.Target?
    ) -> HandlerPlan? {
        let level = members["level"].map { $0.level } ?? .trace
        let mode = members["mode"].map { WritingModeReader.mode($0) } ?? .immediate
        let layout = members["formatter"].map { formatter($0) } ?? JSONLayout()
        guard let target, let level, let mode, let layout else { return nil }
        return HandlerPlan(
            name: name,
            path: node.path,
            destination: DestinationPlan(target: target, mode: mode),
            level: level,
            layout: layout
        )
    }

    private func formatter(_ node: ConfigurationNode) -> (any LogLayout)? {
        guard let name = node.string else { return nil }
        if let known = layouts.first(where: { $0.name == name }) { return known.layout }
        node.add("there is no formatter '\(name)'; \(NearestName.hint(for: name, among: layouts.map(\.name)))")
        return nil
    }
}
