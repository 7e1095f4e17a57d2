// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What a line says of an error.
struct EncodedException {
    /// Its type with the module, as in `Service.ModelMissing`.
    let type: String
    let message: String
    let stackTrace: String?
    private let metadata: LogMetadata
    private let cause: (any Error)?

    /// Causes of causes beyond this are left out, so that errors that lead to themselves end.
    private static let maximumCauses = 8
    private static let reserved = ReservedKeys(["type", "message", "stack_trace", "cause"])

    init(_ error: any Error) {
        type = Self.name(of: Swift.type(of: error))
        message = String(describing: error)
        let loggable = error as? any LoggableError
        stackTrace = loggable?.stackTrace
        metadata = loggable?.logMetadata ?? [:]
        cause = loggable?.underlyingError
    }

    /// The name of a private type has the address of what it is declared in, which is another in each run.
    private static func name(of type: any Error.Type) -> String {
        var name = String(reflecting: type)
        while let opening = name.firstRange(of: "(unknown context at "),
            let end = name[opening.upperBound...].firstRange(of: ").")
        {
            name.removeSubrange(opening.lowerBound..<end.upperBound)
        }
        return name
    }

    var hasDetails: Bool { !metadata.isEmpty || cause != nil }

    /// Writes `{"type":…,"message":…,"stack_trace":…,` the error's own attributes, and `"cause":{…}}`.
    func append(to arena: ByteArena, policy: EncodingPolicy, depth: Int = 0) {
        arena.append("{\"type\":")
        arena.append(text: type, policy: policy)
        arena.append(",\"message\":")
        arena.append(text: message, policy: policy)
        if let stackTrace {
            arena.append(",\"stack_trace\":")
            arena.append(text: stackTrace, policy: policy)
        }
        appendMembers(to: arena, policy: policy, depth: depth)
        arena.append("}")
    }

    /// Writes the error's own attributes and its cause as an object.
    func appendDetails(to arena: ByteArena, policy: EncodingPolicy) {
        let start = arena.count
        appendMembers(to: arena, policy: policy, depth: 0)
        if arena.count > start { arena.replace(at: start, with: UInt8(ascii: "{")) } else { arena.append("{") }
        arena.append("}")
    }

    private func appendMembers(to arena: ByteArena, policy: EncodingPolicy, depth: Int) {
        let set = FieldSet(capacity: 256)
        set.append(metadata, policy: policy)
        set.write(to: arena, renaming: Self.reserved)
        if let cause, depth < Self.maximumCauses {
            arena.append(",\"cause\":")
            EncodedException(cause).append(to: arena, policy: policy, depth: depth + 1)
        }
    }
}
