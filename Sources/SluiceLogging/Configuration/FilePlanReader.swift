// SPDX-License-Identifier: Apache-2.0

import Logging

/// Reads how a handler's file rotates, is kept, compressed and synced.
struct FilePlanReader {
    let members: [String: ConfigurationNode]

    /// The defaults with what the members change; nil if one of them is wrong.
    func read(_ defaults: DestinationPlan.FilePlan) -> DestinationPlan.FilePlan? {
        var plan = defaults
        var isRight = true

        /// Sets what a member says, if it is there.
        func set<Value>(_ key: String, _ read: (ConfigurationNode) -> Value?, _ change: (Value) -> Void) {
            guard let node = members[key] else { return }
            if let value = read(node) { change(value) } else { isRight = false }
        }

        set("maxBytes", { $0.integer(in: 0...Int.max) }, { plan.rotation.maximumBytes = $0 })
        set("backupCount", Self.count, { plan.retention.maximumCount = $0 })
        set("when", { $0.choice(Self.schedules) }, { plan.rotation.schedule = $0 })
        set("atTime", timeOfDay, { plan.rotation.schedule = $0 })
        set("timeZone", { $0.choice(Self.choices()) }, { plan.rotation.timeZone = $0 })
        set("naming", { $0.choice(Self.choices()) }, { plan.rotation.naming = $0 })
        set("maxAgeDays", { $0.duration(unit: 86_400, called: "days") }, { plan.retention.maximumAge = $0 })
        set("maxTotalBytes", { $0.integer(in: 0...Int.max) }, { plan.retention.maximumTotalBytes = $0 })
        set("compress", compression, { plan.compression = $0 })
        set("sync", sync, { plan.sync = $0 })
        return isRight ? plan : nil
    }

    private static let schedules: [(name: String, value: RotationSchedule)] = [
        ("hourly", .hourly), ("daily", .daily()),
    ]

    private static func choices<Value: RawRepresentable & CaseIterable>() -> [(name: String, value: Value)]
    where Value.RawValue == String {
        Value.allCases.map { ($0.rawValue, $0) }
    }

    /// How many old files are kept; null for all.
    private static func count(_ node: ConfigurationNode) -> Int?? {
        node.value == .null ? .some(nil) : node.integer(in: 0...Int.max).map { $0 }
    }

    /// A time of day, for files that are changed daily.
    private func timeOfDay(_ node: ConfigurationNode) -> RotationSchedule? {
        if let when = members["when"], case .string(let text) = when.value, text.lowercased() != "daily" {
            node.add("a time of day needs \"when\": \"daily\"")
            return nil
        }
        return Self.timeOfDay(node)
    }

    /// `HH:MM`, or `HH:MM:00` as Python writes it.
    static func timeOfDay(_ node: ConfigurationNode) -> RotationSchedule? {
        guard let text = node.string else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && parts[2] == "00",
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else {
            node.add("expected a time of day such as '04:30', found \(node.value.account)")
            return nil
        }
        return .daily(hour: hour, minute: minute)
    }

    /// `true`, `false`, or an object with `level` and `delay`.
    private func compression(_ node: ConfigurationNode) -> CompressionPolicy?? {
        if node.value == .boolean(false) { return .some(nil) }
        #if Gzip
        if node.value == .boolean(true) { return CompressionPolicy() }
        guard case .object = node.value, let members = node.members(["level", "delay"]) else {
            if case .object = node.value { return nil }
            node.add("expected true, false or an object, found \(node.value.account)")
            return nil
        }
        let standard = CompressionPolicy()
        let level = members["level"].map { $0.integer(in: 1...9) } ?? standard.level
        let delay = members["delay"].map { $0.integer(in: 0...Int.max) } ?? standard.delay
        guard let level, let delay else { return nil }
        return CompressionPolicy(level: level, delay: delay)
        #else
        node.add("SluiceLogging was built without the trait 'Gzip', which compression needs")
        return nil
        #endif
    }

    /// `"never"`, `"everyLine"`, `{"interval": seconds}` or `{"level": "ERROR"}`.
    private func sync(_ node: ConfigurationNode) -> SyncPolicy? {
        switch node.value {
        case .string: return node.choice([("never", .never), ("everyLine", .everyLine)])
        case .object:
            guard let members = node.members(["interval", "level"]) else { return nil }
            if members["interval"] != nil, members["level"] != nil {
                node.add("expected either 'interval' or 'level', found both")
                return nil
            }
            if let interval = members["interval"] {
                return interval.duration(unit: 1, called: "seconds").map { .interval($0) }
            }
            if let level = members["level"] { return level.level.map { .level($0) } }
            node.add("expected 'interval' or 'level', found neither")
            return nil
        default:
            node.add("expected 'never', 'everyLine' or an object, found \(node.value.account)")
            return nil
        }
    }
}
