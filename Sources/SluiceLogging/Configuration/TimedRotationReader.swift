// SPDX-License-Identifier: Apache-2.0

/// Reads what Python's `logging.handlers.TimedRotatingFileHandler` says, as far as ``RotationPolicy`` can express it.
///
/// Python counts from the instant at which the file was last written to or the process began, we by the clock: with
/// `"when": "H", "interval": 6` files change at 0, 6, 12 and 18 o'clock UTC.
struct TimedRotationReader {
    private enum Unit: Equatable {
        case seconds(Int)
        case midnight
        case weekday
    }

    let reader: FilePlanReader

    private static let units: [(name: String, value: Unit)] = [
        ("S", .seconds(1)), ("M", .seconds(60)), ("H", .seconds(3600)), ("D", .seconds(86_400)),
        ("midnight", .midnight), ("W0", .weekday), ("W1", .weekday), ("W2", .weekday), ("W3", .weekday),
        ("W4", .weekday), ("W5", .weekday), ("W6", .weekday),
    ]

    func read() -> DestinationPlan.FilePlan? {
        let members = reader.members
        let rest = FilePlanReader(members: members.filter { !["when", "atTime"].contains($0.key) })
        // With a `backupCount` of 0 Python changes the file, and keeps all.
        let plan = rest.read(DestinationPlan.FilePlan(path: "", rotation: .never, retention: .unlimited))
        let isUniversal = members["utc"].map { $0.boolean } ?? false
        let schedule = schedule(members)
        guard var plan, let isUniversal, let schedule else { return nil }
        if plan.retention.maximumCount == 0 { plan.retention.maximumCount = nil }
        plan.rotation.schedule = schedule
        plan.rotation.timeZone = isUniversal ? .utc : .local
        plan.rotation.naming = .dated
        return plan
    }

    private func schedule(_ members: [String: ConfigurationNode]) -> RotationSchedule? {
        let unit = members["when"].map { $0.choice(Self.units) } ?? .seconds(3600)
        let interval = members["interval"].map { $0.integer(in: 1...1_000_000) } ?? 1
        guard let unit, let interval else { return nil }
        switch unit {
        // Python looks at `atTime` for days of the week and midnight only.
        case .seconds(3600) where interval == 1: return .hourly
        case .seconds(let seconds): return .every(seconds: seconds * interval)
        case .midnight:
            guard interval == 1 else {
                members["interval"]?.add(
                    "at midnight files change each day and not every \(interval) days; 'D' can do that"
                )
                return nil
            }
            return members["atTime"].map { $0.value == .null ? .daily() : FilePlanReader.timeOfDay($0) } ?? .daily()
        case .weekday:
            members["when"]?.add(
                "files cannot change by the day of the week; 'midnight' is each day, 'D' with an "
                    + "'interval' of 7 every seven days"
            )
            return nil
        }
    }
}
