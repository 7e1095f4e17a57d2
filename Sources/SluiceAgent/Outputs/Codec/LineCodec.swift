// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
package import SluiceEvents

/// How an event becomes a line, where the destination does not say: Filebeat's `codec`.
package enum LineCodec: Sendable {
    /// One JSON object a line.
    case json
    /// The same over several lines, for people.
    case prettyJSON
    /// A text of one's own, as `%{[message]}`.
    case format(FormatString)

    /// Reads `codec.json.pretty` or `codec.format.string`.
    package static func read(_ section: ConfigurationSection) -> LineCodec {
        let codec = section.section("codec")
        if let format = codec?.section("format") {
            guard let text = format.requiredString("string"), let string = FormatString.read(text, "string", format)
            else { return .json }
            return .format(string)
        }
        let json = codec?.section("json")
        let isPretty = json?.boolean("pretty", default: false) ?? false
        // Filebeat's, which has no meaning here: nothing is escaped that need not be.
        json?.accept("escape_html")
        return isPretty ? .prettyJSON : .json
    }
}
