// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A dead letter as JSON, for programs. Times are nanoseconds since 1970, sizes and offsets bytes.
package enum DeadLetterRecord {
    /// `{"pipeline", "number", "output", "refused", "status", "reason", "path", "offset", "bytes", "id", "time", "input",
    /// "fields", "text"}`
    ///
    /// - Parameter hasText: whether the text is part of it.
    package static func write(_ kept: KeptDeadLetter, pipeline: String, hasText: Bool) -> String {
        let letter = kept.letter
        var object = JSONObjectText()
        object.add("pipeline", pipeline)
        object.add("number", kept.number)
        object.add("output", letter.output)
        if letter.refused > 0 { object.add("refused", letter.refused) }
        object.add("status", letter.status)
        object.add("reason", letter.reason)
        object.add("path", letter.path)
        object.add("offset", letter.offset)
        object.add("bytes", kept.byteCount)
        object.add("id", letter.identifier)
        object.add("time", letter.time)
        if !letter.input.isEmpty { object.add("input", letter.input) }
        object.add("fields", json: letter.fields)
        if hasText { object.add("text", String(decoding: letter.text, as: UTF8.self)) }
        return object.text
    }
}
