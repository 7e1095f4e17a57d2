// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a document is sorted by.
enum SortValue: Equatable {
    case number(Double)
    /// Nanoseconds since 1970; milliseconds in answers, as Elasticsearch's `date` has them.
    case time(Int64)
    case text([UInt8])
    case missing

    /// Of a field's first value.
    init(_ value: DocumentFields.Value?, in fields: DocumentFields, isTimestamp: Bool) {
        guard let value else {
            self = .missing
            return
        }
        switch value.kind {
        case .null, .object, .array: self = .missing
        case .true: self = .number(1)
        case .false: self = .number(0)
        case .string, .escapedString:
            let text = fields.text(value)
            if isTimestamp, let time = DateText.nanoseconds(text) {
                self = .time(time)
            } else {
                self = .text(text.array)
            }
        case .integer, .double:
            let number = NumberText.double(value.raw)
            if isTimestamp, let milliseconds = number, let time = Int64(exactly: (milliseconds * 1e6).rounded()) {
                self = .time(time)
            } else {
                self = number.map { .number($0) } ?? .missing
            }
        }
    }

    /// Of a `search_after`.
    init(_ value: JSONValue, isTimestamp: Bool) {
        switch value {
        case .number(let text):
            let number = Double(text) ?? 0
            self = isTimestamp ? .time(Int64(number * 1e6)) : .number(number)
        case .string(let text):
            if isTimestamp, let time = text.withByteView({ DateText.nanoseconds($0) }) {
                self = .time(time)
            } else {
                self = .text(Array(text.utf8))
            }
        case .boolean(let flag): self = .number(flag ? 1 : 0)
        default: self = .missing
        }
    }

    /// -1, 0 or 1. Missing ones are the caller's; numbers come before text.
    func compare(_ other: SortValue) -> Int {
        switch (self, other) {
        case (.number(let left), .number(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.time(let left), .time(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.text(let left), .text(let right)):
            left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
        default: rank == other.rank ? 0 : rank < other.rank ? -1 : 1
        }
    }

    private var rank: Int {
        switch self {
        case .number: 0
        case .time: 1
        case .text: 2
        case .missing: 3
        }
    }

    func write(to arena: ByteArena) {
        switch self {
        case .number(let value): arena.append(GoNumber.text(value))
        case .time(let nanoseconds): arena.append(decimal: Timestamp.floorDivide(nanoseconds, 1_000_000))
        case .text(let bytes): bytes.withByteView { _ = arena.appendJSONString($0) }
        case .missing: arena.append("null")
        }
    }
}
