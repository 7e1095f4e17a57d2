// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// One line of a log, taken apart: its members in their order, each value as its JSON text.
struct LogLine {
    var members: [(key: String, value: String)] = []

    var keys: [String] { members.map(\.key) }

    /// - Throws: if the text is not one JSON object and a newline.
    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw NotALine() }
        var members: [(key: String, value: String)] = []
        try Array(text.utf8.dropLast()).withByteView { view in
            guard view.firstIndex(of: UInt8(ascii: "\n")) == nil else { throw NotALine() }
            let index = JSONIndex()
            try JSONScanner.scan(view, into: index)
            guard index.kind == .object else { throw NotALine() }
            for number in 0..<index.children.count {
                let child = index.children[number]
                let key = ByteArena()
                key.appendUnescaped(view[child.key])
                members.append((key.string, view[child.value].string))
            }
        }
        self.members = members
    }

    /// The JSON text of a value.
    subscript(key: String) -> String? { members.first { $0.key == key }?.value }

    struct NotALine: Error {}
}
