// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

/// Puts events of one logger into lines of the default layout.
///
/// `{"timestamp":…,"level":…,"logger":…,"message":…,"module":…,"function":…,"line":…` and then the metadata: the
/// handler's, the provider's, the call's, each in the order of their keys; then `exception`; then a newline.
struct LineEncoder {
    /// `","logger":"the label","message":`, which is the same in every line.
    private let loggerPart: [UInt8]

    init(label: String) {
        let arena = ByteArena(capacity: 128)
        arena.append("\",\"logger\":")
        arena.appendJSONString(label)
        arena.append(",\"message\":")
        loggerPart = arena.view.array
    }

    /// Writes the line to `buffer.line`.
    ///
    /// - Parameter time: nanoseconds since 1970-01-01T00:00:00Z.
    func encode(
        _ event: LogEvent,
        time: Int64,
        context: EncodedMetadata,
        provided: Logger.Metadata?,
        into buffer: LineBuffer
    ) {
        encode(event, time: time, context: context, provided: provided, buffer: buffer, work: &buffer.work)
    }

    private func encode(
        _ event: LogEvent,
        time: Int64,
        context: EncodedMetadata,
        provided: Logger.Metadata?,
        buffer: LineBuffer,
        work: inout LineBuffer.Work
    ) {
        let line = buffer.line
        line.removeAll()
        line.append("{\"timestamp\":\"")
        work.timestamps.write(time, fractionDigits: 6, to: line)
        line.append(Self.levelPart(event.level))
        line.append(loggerPart)
        line.appendJSONString(event.message.description)
        line.append(",\"module\":")
        line.appendJSONString(event.source)
        line.append(",\"function\":")
        line.appendJSONString(event.function)
        line.append(",\"line\":")
        line.append(decimal: event.line)
        appendMetadata(context: context, provided: provided, explicit: event.metadata, buffer: buffer, work: &work)
        if let error = event.error {
            line.append(",\"exception\":{\"type\":")
            line.appendJSONString(String(reflecting: type(of: error)))
            line.append(",\"message\":")
            line.appendJSONString(String(describing: error))
            line.append("}")
        }
        line.append("}\n")
    }

    private static func levelPart(_ level: Logger.Level) -> StaticString {
        switch level {
        case .trace: "\",\"level\":\"TRACE"
        case .debug: "\",\"level\":\"DEBUG"
        case .info: "\",\"level\":\"INFO"
        case .notice: "\",\"level\":\"NOTICE"
        case .warning: "\",\"level\":\"WARNING"
        case .error: "\",\"level\":\"ERROR"
        case .critical: "\",\"level\":\"CRITICAL"
        }
    }

    private func appendMetadata(
        context: EncodedMetadata,
        provided: Logger.Metadata?,
        explicit: Logger.Metadata?,
        buffer: LineBuffer,
        work: inout LineBuffer.Work
    ) {
        let hasProvided = provided.map { !$0.isEmpty } ?? false
        let hasExplicit = explicit.map { !$0.isEmpty } ?? false
        guard hasProvided || hasExplicit else { return buffer.line.append(context.bytes) }
        let scratch = buffer.scratch
        scratch.removeAll()
        work.provided.removeAll(keepingCapacity: true)
        work.explicit.removeAll(keepingCapacity: true)
        if let provided {
            for (key, value) in provided { work.provided.append(scratch.appendMember(key: key, value: value)) }
            Self.sort(&work.provided, in: scratch.view)
        }
        if let explicit {
            for (key, value) in explicit { work.explicit.append(scratch.appendMember(key: key, value: value)) }
            Self.sort(&work.explicit, in: scratch.view)
        }
        let bytes = scratch.view
        context.bytes.withByteView { contextBytes in
            // Each of the three is in order, so looking for a key in a later one goes forwards only.
            var inProvided = 0
            var inExplicit = 0
            for member in context.members
            where !Self.holds(work.explicit, member, contextBytes, bytes, &inExplicit)
                && !Self.holds(work.provided, member, contextBytes, bytes, &inProvided)
            {
                buffer.line.append(contextBytes[member.start..<member.end])
            }
        }
        var inExplicit = 0
        for member in work.provided where !Self.holds(work.explicit, member, bytes, bytes, &inExplicit) {
            buffer.line.append(bytes[member.start..<member.end])
        }
        for member in work.explicit { buffer.line.append(bytes[member.start..<member.end]) }
    }

    /// Whether `members` has the key of `member`; `position` moves up to where it stands or would stand.
    private static func holds(
        _ members: [MetadataMember],
        _ member: MetadataMember,
        _ memberBytes: ByteView,
        _ bytes: ByteView,
        _ position: inout Int
    ) -> Bool {
        while position < members.count {
            let order = members[position].compare(in: bytes, to: member, in: memberBytes)
            if order >= 0 { return order == 0 }
            position += 1
        }
        return false
    }

    /// Sorts by key. Insertion, because there are few; many are left to the standard library.
    private static func sort(_ members: inout [MetadataMember], in bytes: ByteView) {
        guard members.count <= 32 else {
            return members.sort { $0.compare(in: bytes, to: $1, in: bytes) < 0 }
        }
        var sorted = 1
        while sorted < members.count {
            let member = members[sorted]
            var index = sorted
            while index > 0, member.compare(in: bytes, to: members[index - 1], in: bytes) < 0 {
                members[index] = members[index - 1]
                index -= 1
            }
            members[index] = member
            sorted += 1
        }
    }
}
