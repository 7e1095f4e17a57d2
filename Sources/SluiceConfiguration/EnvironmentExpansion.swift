// SPDX-License-Identifier: Apache-2.0

/// Fills environment variables into the values of a configuration, in Filebeat's notation.
///
/// `${NAME}`, `${NAME:default}`, `${NAME:?what to say if it is missing}`, `${NAME:+text if it is there}`. The default
/// counts for a variable that is empty, too. What follows the colon may hold further references, and `$}` for a brace;
/// `$${` stands for the characters `${`. `${file:/path}` is what is in a file, without the line end behind it, in the
/// notation of the OpenTelemetry Collector. Unlike Filebeat, an undefined `${NAME}` is a problem and not the empty text,
/// and a `$` before anything else stays, so that regular expressions stay what they are.
struct EnvironmentExpansion {
    /// A text with its variables filled in.
    struct Outcome: Equatable {
        var text = ""
        /// Whether the value of a variable is in the text, which no message may show then.
        var holdsEnvironment = false
        /// Whether the text was one reference and nothing else.
        var isWhole = false
        var failures: [Failure] = []
    }

    /// What is wrong with a reference, in words without any variable's value.
    struct Failure: Equatable {
        let message: String
        let suggestion: String
    }

    private enum Operator { case none, fallback, error, alternative }

    private indirect enum Piece {
        case text(String)
        case reference(name: String, Operator, [Piece])
    }

    let environment: [String: String]

    /// The text with its variables filled in.
    func expand(_ text: String) -> Outcome {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return Outcome(text: text) }
        var outcome = Outcome()
        var parser = Parser(bytes: Array(text.utf8))
        let pieces = parser.pieces(depth: 0)
        if let failure = parser.failure {
            return Outcome(text: text, failures: [failure])
        }
        if pieces.count == 1, case .reference = pieces[0] { outcome.isWhole = true }
        append(pieces, to: &outcome)
        return outcome
    }

    private func append(_ pieces: [Piece], to outcome: inout Outcome) {
        for piece in pieces {
            switch piece {
            case .text(let text): outcome.text += text
            case .reference(let name, let meaning, let right):
                let value = environment[name]
                if name == "file", meaning == .fallback, value == nil, append(fileAt: right, to: &outcome) { continue }
                switch (meaning, value) {
                case (.alternative, .some): append(right, to: &outcome)
                case (.alternative, .none): break
                case (.none, .some(let value)):
                    outcome.text += value
                    outcome.holdsEnvironment = true
                case (.none, .none):
                    outcome.failures.append(
                        Failure(
                            message: "the environment variable '\(name)' is not set",
                            suggestion: "set it, or write ${\(name):default}"
                        )
                    )
                case (_, .some(let value)) where !value.isEmpty:
                    outcome.text += value
                    outcome.holdsEnvironment = true
                case (.fallback, _): append(right, to: &outcome)
                case (.error, _):
                    let words = right.map { if case .text(let text) = $0 { text } else { "…" } }.joined()
                    outcome.failures.append(
                        Failure(
                            message: "the environment variable '\(name)' is not set or empty",
                            suggestion: words.isEmpty ? "set it" : words
                        )
                    )
                }
            }
        }
    }

    /// Appends what is in a file; false if this is no absolute path.
    private func append(fileAt path: [Piece], to outcome: inout Outcome) -> Bool {
        var written = Outcome()
        append(path, to: &written)
        guard written.text.hasPrefix("/") else { return false }
        outcome.failures += written.failures
        outcome.holdsEnvironment = true
        do {
            outcome.text += try SecretFile.text(written.text)
        } catch {
            outcome.failures.append(
                Failure(message: error.description, suggestion: "check the path and who may read it")
            )
        }
        return true
    }

    /// Takes a text apart. Bytes are enough: everything with a meaning is ASCII.
    private struct Parser {
        let bytes: [UInt8]
        var position = 0
        var failure: Failure?

        init(bytes: [UInt8]) { self.bytes = bytes }

        private func isNext(_ text: StaticString) -> Bool {
            let count = text.utf8CodeUnitCount
            return position + count <= bytes.count
                && text.withUTF8Buffer { unsafe $0.elementsEqual(bytes[position..<(position + count)]) }
        }

        /// Pieces up to the end, or within a reference (`depth` > 0) up to its closing brace, which is not taken.
        mutating func pieces(depth: Int) -> [Piece] {
            var pieces: [Piece] = []
            var text: [UInt8] = []
            func flush() {
                if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
                text = []
            }
            while failure == nil, position < bytes.count {
                if isNext("$${") {
                    text += "${".utf8
                    position += 3
                } else if depth > 0, isNext("$}") {
                    text += "}".utf8
                    position += 2
                } else if depth > 0, isNext("}") {
                    break
                } else if isNext("${") {
                    flush()
                    if let reference = reference(depth: depth + 1) { pieces.append(reference) }
                } else {
                    text.append(bytes[position])
                    position += 1
                }
            }
            flush()
            return pieces
        }

        /// The reference that begins here.
        private mutating func reference(depth: Int) -> Piece? {
            guard depth <= 16 else {
                failure = Failure(message: "'${' is nested more than 16 deep", suggestion: "write it simpler")
                return nil
            }
            position += 2
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: ":"), bytes[position] != UInt8(ascii: "}") {
                position += 1
            }
            let name = bytes[start..<position]
            var meaning = Operator.none
            var right: [Piece] = []
            if isNext(":") {
                position += 1
                meaning = .fallback
                if isNext("?") || isNext("+") {
                    meaning = isNext("?") ? .error : .alternative
                    position += 1
                }
                right = pieces(depth: depth)
            }
            if failure != nil { return nil }
            guard isNext("}") else {
                failure = Failure(
                    message: "'${' is not closed",
                    suggestion: "write ${NAME}, or $${ for the characters themselves"
                )
                return nil
            }
            position += 1
            guard Self.isName(name) else {
                failure = Failure(
                    message: "there is no name of an environment variable between '${' and '}'",
                    suggestion: "write ${NAME}, or $${ for the characters themselves"
                )
                return nil
            }
            return .reference(name: String(decoding: name, as: UTF8.self), meaning, right)
        }

        private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
            !name.isEmpty
                && name.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}
