// SPDX-License-Identifier: Apache-2.0

/// How a file's bytes are cut into lines.
package struct LineOptions: Sendable, Equatable {
    package var encoding = TextEncoding.utf8
    package var terminator = LineTerminator.automatic
    /// A line is cut to this many bytes of UTF-8, between characters.
    package var maximumBytes: Int
    /// Lines without text are lines all the same; otherwise they are left out.
    package var keepsEmptyLines = false

    /// Whether `EventBatch.appendLines` does the same, only faster.
    package var isPlain: Bool {
        encoding.kind == .utf8 && (terminator == .automatic) && !keepsEmptyLines
    }

    package init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Reads Filebeat's `encoding` and `line_terminator`.
    package init(_ section: ConfigurationSection, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        terminator = section.choice("line_terminator", default: .automatic)
        guard let node = section.node("encoding"), !node.isNull else { return }
        guard let name = node.text else {
            section.reportWrongType(node, expected: "the name of an encoding, such as utf-8")
            return
        }
        guard let encoding = TextEncoding.named(name) else {
            section.report(
                node,
                "unknown encoding \(ConfigurationNode.quoted(name)) for \(node.path)",
                suggestion: Self.suggestion(name)
            )
            return
        }
        do throws(TextDecoder.Failure) {
            _ = try TextDecoder(encoding)
            self.encoding = encoding
        } catch {
            section.report(
                node,
                "\(error), which \(node.path) asks for",
                suggestion: "install the C library's converters (glibc-gconv-extra on Fedora)"
            )
            return
        }
        if LineTerminator.bytes(terminator.text, in: encoding, isBigEndian: false) == nil {
            section.report(
                section.node("line_terminator") ?? node,
                "the encoding \(encoding.name) has no \(terminator.rawValue)",
                suggestion: "choose another line_terminator"
            )
        }
    }

    private static func suggestion(_ name: String) -> String {
        NearestName.nearest(to: name, among: TextEncoding.names).map { "did you mean \(ConfigurationNode.quoted($0))?" }
            ?? "known are plain, utf-8, utf-16-bom, utf-16le, utf-16be, latin1, gbk, big5, shift_jis, euc-kr and others"
    }
}
