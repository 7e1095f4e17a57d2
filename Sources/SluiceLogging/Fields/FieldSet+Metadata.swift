// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

extension FieldSet {
    /// Adds a field of swift-log's metadata.
    func append(key: String, value: Logger.MetadataValue, policy: EncodingPolicy) {
        if key.withBytes({ beginMember($0, policy: policy) }) {
            bytes.append(policy.redactedValue.view)
        } else {
            bytes.append(metadata: value, depth: 0, policy: policy)
        }
        endMember()
    }

    /// Adds swift-log's metadata in the order of the keys.
    func append(_ metadata: Logger.Metadata, policy: EncodingPolicy) {
        for (key, value) in metadata { append(key: key, value: value, policy: policy) }
        KnownShapes.sort(members, in: bytes)
        isContiguous = members.count < 2
    }

    /// The same, of an empty set, with what a thread knows from before.
    func fill(_ metadata: Logger.Metadata, policy: EncodingPolicy, _ known: KnownKeys, _ shapes: KnownShapes) {
        known.use(policy)
        shapes.use(policy)
        var shape = KnownShapes.Shape()
        var place = 0
        var redacted: UInt32 = 0
        var isPlain = true
        var iterator = metadata.makeIterator()
        while let (key, value) = iterator.next() {
            let isRedacted = key.withBytes { key in
                if place == 0 { shape = shapes.shape(first: key, count: metadata.count) }
                if let member = shapes.find(key, at: place, of: shape) {
                    begin(member, text: shapes.text(of: member))
                    return shape.redacted & 1 << UInt32(truncatingIfNeeded: place) != 0
                }
                shape = KnownShapes.Shape()
                let isRedacted = beginMember(key, policy: policy, known)
                if pendingKeyCount != key.count { isPlain = false }
                return isRedacted
            }
            if isRedacted {
                redacted |= 1 << UInt32(truncatingIfNeeded: place & 31)
                bytes.append(policy.redactedValue.view)
            } else {
                // What is most frequent is looked at here, because handing a value on costs a copy of it, as looking at
                // what is kept does.
                switch consume value {
                case .string(let text): bytes.append(text: text, policy: policy)
                case .stringConvertible(let value): bytes.append(convertible: value, depth: 0, policy: policy)
                case .array(let values): bytes.append(metadata: .array(values), depth: 0, policy: policy)
                case .dictionary(let values): bytes.append(metadata: .dictionary(values), depth: 0, policy: policy)
                }
            }
            endOnlyMember()
            place &+= 1
        }
        isContiguous = members.count < 2
        if place == shape.count {
            shapes.sort(members, as: shape)
        } else {
            shapes.sortAndLearn(members, in: bytes, redacted: redacted, isPlain: isPlain)
        }
    }

    /// Adds metadata in its own order.
    func append(_ metadata: LogMetadata, policy: EncodingPolicy) {
        for (key, value) in metadata.members {
            if key.withBytes({ beginMember($0, policy: policy) }) {
                bytes.append(policy.redactedValue.view)
            } else {
                var writer = LogValueWriter(arena: bytes, policy: policy, depth: 0)
                value.write(to: &writer)
                writer.finish()
            }
            endMember()
        }
    }

    /// Writes all fields where other keys are reserved than those of layouts.
    func write(to arena: ByteArena, renaming reserved: ReservedKeys) {
        for member in members {
            arena.append(bytes.view(Int(member.start)..<Int(member.keyEnd)))
            if reserved.contains(bytes.view(member.key)) { arena.append(UInt8(ascii: "_")) }
            arena.append(bytes.view(Int(member.keyEnd)..<Int(member.end)))
        }
    }
}
