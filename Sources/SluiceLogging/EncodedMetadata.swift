// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// The metadata of a handler: the values, and beside them the bytes that they are in every line.
///
/// Setting one key encodes that key alone. Members lie in the order of their keys, without gaps.
struct EncodedMetadata {
    private(set) var values: Logger.Metadata = [:]
    private(set) var bytes: [UInt8] = []
    private(set) var members: [MetadataMember] = []

    init() {}

    init(_ values: Logger.Metadata) {
        for (key, value) in values { set(key, to: value) }
    }

    subscript(key: String) -> Logger.MetadataValue? { values[key] }

    mutating func set(_ key: String, to value: Logger.MetadataValue?) {
        // Nothing of the key may be left over when it is removed: encode any value, to know where it stands.
        if value == nil, values[key] == nil { return }
        values[key] = value
        LineBuffer.withCurrent { buffer in
            let scratch = buffer.scratch
            scratch.removeAll()
            let member = scratch.appendMember(key: key, value: value ?? .string(""))
            replace(member, encoded: scratch.view, isRemoval: value == nil)
        }
    }

    private mutating func replace(_ member: MetadataMember, encoded: ByteView, isRemoval: Bool) {
        var index = 0
        var isKnown = false
        bytes.withByteView { bytes in
            while index < members.count {
                let order = members[index].compare(in: bytes, to: member, in: encoded)
                isKnown = order == 0
                if order >= 0 { break }
                index += 1
            }
        }
        let start = index < members.count ? members[index].start : bytes.count
        let end = isKnown ? members[index].end : start
        bytes.replaceSubrange(start..<end, with: isRemoval ? [] : encoded.array)
        let change = (isRemoval ? 0 : encoded.count) - (end - start)
        if isKnown { members.remove(at: index) }
        if !isRemoval {
            var inserted = member
            inserted.start += start
            inserted.keyEnd += start
            inserted.end += start
            members.insert(inserted, at: index)
            index += 1
        }
        while index < members.count {
            members[index].start += change
            members[index].keyEnd += change
            members[index].end += change
            index += 1
        }
    }
}
