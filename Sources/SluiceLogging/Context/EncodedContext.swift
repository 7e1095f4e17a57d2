// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// What contexts are made of: swift-log's metadata, or ours.
protocol ContextValues: Sendable {
    /// Adds all members.
    func encode(into set: FieldSet, policy: EncodingPolicy)
}

extension LogMetadata: ContextValues {
    func encode(into set: FieldSet, policy: EncodingPolicy) { set.append(self, policy: policy) }
}

extension Logger.Metadata: ContextValues {
    func encode(into set: FieldSet, policy: EncodingPolicy) { set.append(self, policy: policy) }
}

/// A context that is the same for many lines: its values, and beside them the bytes that they are in each.
final class EncodedContext<Values: ContextValues>: Sendable {
    let values: Values
    private let policy: EncodingPolicy
    private let fields: FieldSet
    /// What it is under another policy than the first, where one was asked for.
    private let recoded = Mutex<(policy: EncodingPolicy, fields: FieldSet)?>(nil)

    init(_ values: Values, policy: EncodingPolicy) {
        self.values = values
        self.policy = policy
        fields = Self.encode(values, policy: policy)
    }

    private init(_ values: Values, fields: FieldSet, policy: EncodingPolicy) {
        self.values = values
        self.policy = policy
        self.fields = fields
    }

    private static func encode(_ values: Values, policy: EncodingPolicy) -> FieldSet {
        let set = FieldSet(capacity: 128)
        values.encode(into: set, policy: policy)
        return set.packed()
    }

    /// Adds the fields, as they are under a policy, to a line. The context must live until that is written.
    @inline(__always)
    func add(to buffer: LineBuffer, policy: EncodingPolicy) {
        if policy === self.policy { buffer.add(fields) } else { buffer.addKeeping(recode(policy)) }
    }

    private func recode(_ policy: EncodingPolicy) -> FieldSet {
        if let known = recoded.withLock({ $0 }), known.policy === policy { return known.fields }
        // Encoding runs other people's code, so that it is done outside the lock.
        let fields = Self.encode(values, policy: policy)
        recoded.withLock { $0 = (policy, fields) }
        return fields
    }
}

extension EncodedContext<Logger.Metadata> {
    /// The context with one value changed, or removed if it is nil. That key alone is encoded.
    func setting(_ key: String, to value: Logger.MetadataValue?) -> EncodedContext? {
        var values = values
        // Nothing of the key may be left over when it is removed: encode any value, to know where it stands.
        if value == nil, values[key] == nil { return self }
        values[key] = value
        if values.isEmpty { return nil }
        let change = FieldSet(capacity: 128)
        change.append(key: key, value: value ?? .string(""), policy: policy)
        let changed = fields.replacing(with: change, isRemoval: value == nil)
        return EncodedContext(values, fields: changed, policy: policy)
    }
}
