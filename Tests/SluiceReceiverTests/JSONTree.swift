// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A JSON answer, for looking into.
struct JSONTree {
    let text: String
    let kind: JSONKind
    private var members: [(key: String, value: JSONTree)] = []

    init(_ json: String) throws {
        let index = JSONIndex()
        let (kind, parts, bare): (JSONKind, [(String, String)], String) = try json.withByteView { view in
            try JSONScanner.scan(view, into: index)
            let parts = index.children.map { (view[$0.key].string, view[$0.value].string) }
            let arena = ByteArena()
            let content = view[index.start..<index.end]
            if index.kind.isString {
                arena.appendUnescaped(content[1..<(content.count - 1)])
            } else {
                arena.append(content)
            }
            return (index.kind, parts, arena.string)
        }
        self.kind = kind
        text = bare
        members = try parts.map { ($0.0, try JSONTree($0.1)) }
    }

    subscript(key: String) -> JSONTree? { members.first { $0.key == key }?.value }

    var elements: [JSONTree] { members.map(\.value) }
    var keys: [String] { members.map(\.key) }
    var integer: Int? { Int(text) }
}
