// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension EventBatch {
    /// Adds to the events what framing found: `log.flags`, as Filebeat has it, a container's `stream`, and
    /// `docker.attrs`. Called after parsing.
    ///
    /// - Returns: how many events were cut.
    package func setLineFields() -> Int {
        var truncated = 0
        let special: Event.Flags = [
            .truncated, .multiline, .invalidText, .unrecognised, .standardOutput, .standardError,
        ]
        for event in 0..<events.count where !events[event].flags.isDisjoint(with: special) {
            let flags = events[event].flags
            if flags.contains(.truncated) { truncated += 1 }
            setLineFlags(flags, of: event)
            if flags.contains(.standardOutput) {
                setValue(Self.stream, kind: .string, json: ByteView("\"stdout\""), of: event)
            } else if flags.contains(.standardError) {
                setValue(Self.stream, kind: .string, json: ByteView("\"stderr\""), of: event)
            }
        }
        for attributes in lineAttributes {
            let value = Int(attributes.start)..<Int(attributes.end)
            setValue(Self.attributes, kind: .object, value: value, of: Int(attributes.event))
        }
        return truncated
    }

    private static let stream = FieldPath("stream")
    private static let attributes = FieldPath("docker.attrs")
    private static let flags = FieldPath("log.flags")

    private func setLineFlags(_ flags: Event.Flags, of event: Int) {
        lookup.text.removeAll()
        func add(_ flag: Event.Flags, _ name: StaticString) {
            guard flags.contains(flag) else { return }
            lookup.text.append(lookup.text.isEmpty ? "[\"" : ",\"")
            lookup.text.append(name)
            lookup.text.append("\"")
        }
        add(.truncated, "truncated")
        add(.multiline, "multiline")
        add(.invalidText, "encoding_error")
        add(.unrecognised, "container_parsing_error")
        guard !lookup.text.isEmpty else { return }
        lookup.text.append("]")
        let start = arena.count
        arena.append(lookup.text.view)
        setValue(Self.flags, kind: .array, value: start..<arena.count, of: event)
    }
}
