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
        MemberSorter().sort(self)
    }

    /// The same with what a thread knows from before.
    func append(_ metadata: Logger.Metadata, policy: EncodingPolicy, _ known: KnownKeys, _ sorter: MemberSorter) {
        known.use(policy)
        for (key, value) in metadata {
            if key.withBytes({ beginMember($0, policy: policy, known) }) {
                bytes.append(policy.redactedValue.view)
            } else {
                bytes.append(metadata: value, depth: 0, policy: policy)
            }
            endMember()
        }
        sorter.sort(self)
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
