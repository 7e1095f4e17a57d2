// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// One top-level field of an event: a key, and where its value lies in the batch's arena.
package struct EventField: BitwiseCopyable {
    /// The key's number in the batch's `KeyTable`.
    package var key: UInt32
    package var kind: FieldKind
    /// Where `"key":value` begins in the arena, or `noMember` if it does not stand there in one piece.
    package var memberStart: UInt32
    package var valueStart: UInt32
    package var valueEnd: UInt32

    package static let noMember = UInt32.max

    package init(key: UInt32, kind: FieldKind, memberStart: UInt32, valueStart: UInt32, valueEnd: UInt32) {
        self.key = key
        self.kind = kind
        self.memberStart = memberStart
        self.valueStart = valueStart
        self.valueEnd = valueEnd
    }

    /// A member of the object that was scanned.
    @inline(__always)
    init(_ child: JSONIndex.Child, key: UInt32) {
        self.init(
            key: key,
            kind: FieldKind(child.kind),
            memberStart: child.keyStart &- 1,
            valueStart: child.valueStart,
            valueEnd: child.valueEnd
        )
    }
}
