// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Reads a configuration that is written in JSON.
struct ConfigurationJSON {
    let text: ByteView
    let problems: ConfigurationProblems

    /// The value that the whole text is; nil, and a problem, if it is none.
    func value() -> ConfigurationValue? {
        let index = JSONIndex()
        do throws(JSONError) {
            try JSONScanner.scan(text, into: index)
        } catch {
            problems.add(ConfigurationPath(), "\(place(of: error.offset)): not JSON: \(error.reason.rawValue)")
            return nil
        }
        return value(index.start..<index.end, index.kind, ConfigurationPath())
    }

    private func value(_ range: Range<Int>, _ kind: JSONKind, _ path: ConfigurationPath) -> ConfigurationValue {
        switch kind {
        case .string, .escapedString: return .string(string(range.lowerBound + 1..<range.upperBound - 1))
        case .integer: return integer(text[range])
        case .double: return .double(NumberText.double(text[range]) ?? 0)
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .null: return .null
        case .array:
            var elements: [ConfigurationValue] = []
            for child in children(of: range) {
                elements.append(value(child.value, child.kind, path.element(elements.count)))
            }
            return .array(elements)
        case .object:
            var members: [ConfigurationValue.Member] = []
            var seen: Set<String> = []
            for child in children(of: range) {
                let key = string(child.key)
                let member = value(child.value, child.kind, path.member(key))
                if seen.insert(key).inserted {
                    members.append(ConfigurationValue.Member(key: key, value: member))
                } else {
                    problems.add(path.member(key), "the key is there twice (\(place(of: Int(child.keyStart) - 1)))")
                }
            }
            return .object(members)
        }
    }

    /// The scan of the whole has validated what lies inside, so that this one cannot fail.
    private func children(of range: Range<Int>) -> [JSONIndex.Child] {
        let index = JSONIndex()
        do throws(JSONError) {
            try JSONScanner.scan(text[range], origin: range.lowerBound, into: index)
        } catch {
            return []
        }
        return (0..<index.children.count).map { index.children[$0] }
    }

    private func string(_ content: Range<Int>) -> String {
        let arena = ByteArena(capacity: content.count + 16)
        arena.appendUnescaped(text[content])
        return arena.string
    }

    private func integer(_ digits: ByteView) -> ConfigurationValue {
        if let value = NumberText.integer(digits).flatMap({ Int(exactly: $0) }) { return .integer(value) }
        return .double(NumberText.double(digits) ?? 0)
    }

    /// `line 3, column 5`, both counted from 1, columns in bytes.
    private func place(of offset: Int) -> String {
        var line = 1
        var column = 1
        for position in 0..<min(offset, text.count) {
            if text[position] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return "line \(line), column \(column)"
    }
}
