// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Testing

@Suite("Redaction")
struct RedactionTests {
    private let destination = MemoryDestination()

    private func engine(_ redaction: LogRedaction) -> LogEngine {
        destination.engine { $0.redaction = redaction }
    }

    @Test("Keys are redacted in any case, at any depth, through both doors, in contexts, and nothing else is")
    func keys() throws {
        let engine = engine(LogRedaction(keys: ["password", "Api-Key", "k"]))
        let log = ContextLogger("x", engine: engine)
        log.setContext(["API-KEY": "secret", "kept": "kept"])
        log.info("m") {
            $0["Password"] = "secret"
            $0["passwords"] = "kept"
            $0["K"] = "secret"
            $0["nested"] = LogMetadata(["a": ["PASSWORD": "secret", "b": "kept"]])
        }
        let logger = Logger(label: "x") {
            JSONLogHandler(label: $0, engine: engine, metadata: ["password": "secret"], metadataProvider: nil)
        }
        logger.info(
            "m",
            metadata: ["pAssword2": "kept", "api-key": ["secret"], "list": [["password": "secret", "b": "kept"]]]
        )
        let lines = destination.lines
        try #require(lines.count == 2)
        #expect(lines.allSatisfy { !$0.contains("secret") })
        let typed = try LogLine(lines[0])
        #expect(typed["API-KEY"] == "\"[redacted]\"" && typed["kept"] == "\"kept\"" && typed["K"] == "\"[redacted]\"")
        #expect(typed["Password"] == "\"[redacted]\"" && typed["passwords"] == "\"kept\"")
        #expect(typed["nested"] == #"{"a":{"PASSWORD":"[redacted]","b":"kept"}}"#)
        let other = try LogLine(lines[1])
        #expect(other["password"] == "\"[redacted]\"" && other["pAssword2"] == "\"kept\"")
        #expect(other["list"] == #"[{"b":"kept","password":"[redacted]"}]"#)
    }

    @Test("A context and a literal key from before a configuration are redacted after it")
    func laterConfiguration() throws {
        let engine = destination.engine()
        let log = ContextLogger("x", engine: engine)
        log.setContext(["token": "secret"])
        var logger = Logger(label: "x") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }
        logger[metadataKey: "token"] = "secret"
        func write() {
            log.info("m") { $0["password"] = "secret" }
            logger.info("m")
            withLogContext(["token": "secret"]) { log.info("m") }
        }
        write()
        #expect(destination.lines.filter { $0.contains("secret") }.count == 3)
        var configuration = engine.configuration
        configuration.redaction = LogRedaction(keys: ["password", "token"], replacement: "\"")
        engine.configure(configuration)
        write()
        let later = destination.lines.dropFirst(3)
        #expect(later.count == 3 && later.allSatisfy { !$0.contains("secret") && $0.contains(#":"\"""#) })
    }

    @Test("Values that say so are redacted, through both doors, unless it is allowed")
    func sensitiveValues() throws {
        for isShown in [false, true] {
            let engine = engine(LogRedaction(showsSensitiveValues: isShown))
            ContextLogger("x", engine: engine).info("m") { $0["email"] = .sensitive("secret") }
            let logger = Logger(label: "x") { JSONLogHandler(label: $0, engine: engine, metadataProvider: nil) }
            logger.info(
                "m",
                metadata: [
                    "a": .sensitive("secret"), "b": "\("secret", attributes: [LogSensitivity.sensitive])",
                    "c": [.sensitive("secret")], "d": "\("kept", attributes: [LogSensitivity.open])",
                ]
            )
        }
        let lines = try destination.lines.map(LogLine.init)
        try #require(lines.count == 4)
        #expect(lines[0]["email"] == "\"[redacted]\"" && lines[2]["email"] == "\"secret\"")
        #expect(lines[1]["a"] == "\"[redacted]\"" && lines[1]["b"] == "\"[redacted]\"")
        #expect(lines[1]["c"] == "[\"[redacted]\"]" && lines[1]["d"] == "\"kept\"")
        #expect(lines[3]["a"] == "\"secret\"" && lines[3]["c"] == "[\"secret\"]")
    }

    @Test(
        "Patterns find what they name and no more",
        arguments: [
            ("paid with 4111 1111 1111 1111 today", "paid with # today"),
            ("4111-1111-1111-1111", "#"), ("4111111111111111", "#"), ("x4111111111111111y", "x#y"),
            ("4111111111111112", "4111111111111112"), ("0000000000000000", "0000000000000000"),
            ("12345", "12345"), ("at 1795318320123456 ns", "at 1795318320123456 ns"),
            ("Authorization: Bearer abc.DEF-1_2~3+/=; x", "Authorization: Bearer #; x"),
            ("bearer  two spaces", "bearer  two spaces"), ("the bearer of it", "the bearer # it"),
            ("from ann.lee+x@mail.example.org.", "from #."), ("a@b.c, d@e.fg", "#, #"),
            ("@home a@ b@c", "@home a@ b@c"),
            ("é ann@example.org é", "é # é"), ("", ""),
        ]
    )
    func patterns(_ text: String, _ expected: String) throws {
        let redaction = LogRedaction(patterns: [.creditCardNumbers, .bearerTokens, .emailAddresses], replacement: "#")
        let engine = engine(redaction)
        struct Failure: Error, CustomStringConvertible { let description: String }
        ContextLogger("x", engine: engine).error("\(text)", error: Failure(description: text)) {
            $0["field"] = text
            $0["nested"] = [text]
        }
        let line = try destination.onlyLine()
        #expect(line["message"] == "\"\(expected)\"" && line["field"] == "\"\(expected)\"")
        #expect(line["nested"] == "[\"\(expected)\"]")
        #expect(line["exception"]?.contains("\"message\":\"\(expected)\"") == true)
    }

    @Test("A pattern of one's own is asked until it finds no more, and may answer nonsense")
    func ownPattern() throws {
        let digits = LogPattern { text, start in
            (start..<text.byteCount).first { unsafe text.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == 0x37 }
                .map { $0..<($0 + 1) }
        }
        let nonsense = LogPattern { _, start in start..<Int.max }
        let backwards = LogPattern { _, start in 0..<1 }
        let engine = engine(LogRedaction(patterns: [nonsense, digits, backwards], replacement: "#"))
        ContextLogger("x", engine: engine).info("a7b77")
        #expect(try destination.onlyLine()["message"] == "\"##b##\"")
    }
}
