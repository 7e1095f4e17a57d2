// SPDX-License-Identifier: Apache-2.0

/// What is the same for all loggers of one configuration.
struct RouteParts: Sendable {
    let policy: EncodingPolicy
    let filter: LineFilter?
    /// Nanoseconds since 1970-01-01T00:00:00Z; nil for the system's.
    let clock: (@Sendable () -> Int64)?

    init(_ configuration: LogConfiguration, clock: (@Sendable () -> Int64)?) {
        self.clock = clock
        filter = LineFilter(sampling: configuration.sampling, repeats: configuration.repeats)
        let layouts = configuration.allOutputs.map(\.layout)
        let isUsual = layouts.allSatisfy { $0 is any BuiltInLayout && ($0 as? JSONLayout)?.keys ?? .init() == .init() }
        if isUsual, configuration.redaction.isDefault, configuration.limits == LogLimits() {
            policy = .standard
        } else {
            var keys = layouts.flatMap(\.reservedKeys)
            if configuration.limits.lineBytes != nil { keys.append(EncodingPolicy.truncatedKey) }
            policy = EncodingPolicy(
                reserved: ReservedKeys(keys),
                redaction: configuration.redaction,
                limits: configuration.limits
            )
        }
    }

    init(policy: EncodingPolicy, clock: (@Sendable () -> Int64)?) {
        self.policy = policy
        self.clock = clock
        filter = nil
    }
}
