// SPDX-License-Identifier: Apache-2.0

/// What is the same for all loggers of one configuration.
struct RouteParts: Sendable {
    let policy: EncodingPolicy
    /// Nanoseconds since 1970-01-01T00:00:00Z; nil for the system's.
    let clock: (@Sendable () -> Int64)?

    init(_ configuration: LogConfiguration, clock: (@Sendable () -> Int64)?) {
        self.clock = clock
        let layouts = configuration.allOutputs.map(\.layout)
        if layouts.allSatisfy({ $0 is any BuiltInLayout && ($0 as? JSONLayout)?.keys ?? .init() == .init() }) {
            policy = .standard
        } else {
            policy = EncodingPolicy(reserved: ReservedKeys(layouts.flatMap(\.reservedKeys)))
        }
    }

    init(policy: EncodingPolicy, clock: (@Sendable () -> Int64)?) {
        self.policy = policy
        self.clock = clock
    }
}
