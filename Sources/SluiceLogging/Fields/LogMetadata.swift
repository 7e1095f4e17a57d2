// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Keys and values in the order given: what a context is made of, and what nested objects are.
///
/// ```swift
/// log.setContext(["request_id": id, "attempt": 2, "user": LogMetadata(["id": 42, "plan": "pro"])])
/// ```
public struct LogMetadata: Sendable, ExpressibleByDictionaryLiteral, LogValue {
    /// Keys and values; no key twice.
    public private(set) var members: [(key: String, value: any LogValue & Sendable)] = []

    /// Metadata without members.
    public init() {}

    /// Metadata in the order of the literal; of several members with one key the last counts.
    public init(dictionaryLiteral elements: (String, any LogValue & Sendable)...) {
        self.init(members: elements)
    }

    /// The same metadata; it lets a literal be written where the type is not known: `LogMetadata(["id": 42])`.
    public init(_ metadata: LogMetadata) { self = metadata }

    /// Metadata as swift-log has it, sorted by key.
    public init(metadata: Logger.Metadata) {
        self.init(members: metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    init(members: [(String, any LogValue & Sendable)]) {
        self.members.reserveCapacity(members.count)
        for (key, value) in members { self[key] = value }
    }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a key; setting nil removes it.
    public subscript(key: String) -> (any LogValue & Sendable)? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// The same with other members added; those replace members of the same key.
    public func merging(_ other: LogMetadata) -> LogMetadata {
        var merged = self
        for (key, value) in other.members { merged[key] = value }
        return merged
    }

    /// Writes an object.
    public func write(to writer: inout LogValueWriter) { writer.write(object: self) }
}
