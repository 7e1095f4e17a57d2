// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
import SluiceLogging
import Testing

@Suite("Limits")
struct LimitTests {
    private let destination = MemoryDestination()

    @Test("A value's text is cut before a whole character, with a mark")
    func values() throws {
        let engine = destination.engine { $0.limits = LogLimits(valueBytes: 5) }
        ContextLogger("x", engine: engine).info("12345") {
            $0["long"] = "123456789"
            $0["character"] = "1234é6"
            $0["emoji"] = "😀😀"
            $0["short"] = "ééx"
            $0["array"] = Array(repeating: "ab", count: 100)
            $0["object"] = Dictionary(uniqueKeysWithValues: (0..<100).map { ("\($0)", $0) })
            $0["metadata"] = Logger.MetadataValue.array(Array(repeating: "abcdefgh", count: 100))
        }
        let line = try destination.onlyLine()
        #expect(line["message"] == "\"12345\"" && line["long"] == "\"12345…[4 bytes cut]\"")
        #expect(line["character"] == "\"1234…[3 bytes cut]\"" && line["emoji"] == "\"😀…[4 bytes cut]\"")
        #expect(line["short"] == "\"ééx\"" && line["array"] == #"["ab","ab","…"]"#)
        #expect(line["object"] == #"{"0":0,"…":"…"}"# && line["metadata"] == #"["abcde…[3 bytes cut]","…"]"#)
    }

    private enum Failure: Error { case because(String) }

    @Test("A line is never longer than allowed, and stays JSON", arguments: [512, 600, 1000, 5000])
    func lines(_ limit: Int) throws {
        let engine = destination.engine { $0.limits = LogLimits(lineBytes: limit) }
        let log = ContextLogger("x", engine: engine)
        log.setContext(["context": "kept", "truncated": "own"])
        log.info("m") { for number in 0..<600 { $0["field \(number)"] = number } }
        log.error("m", error: Failure.because(String(repeating: "e", count: 10_000)))
        log.info(String(repeating: "\"é\u{1}", count: 10_000)) { $0["a"] = 1 }
        log.info("short") { $0["a"] = 1 }
        let lines = destination.lines
        try #require(lines.count == 4)
        #expect(lines.allSatisfy { $0.utf8.count <= limit })
        let parsed = try lines.map(LogLine.init)
        let kept = parsed[0].keys.filter { $0.hasPrefix("field") }.count
        #expect(parsed[0]["context"] == "\"kept\"" && parsed[0]["truncated_"] == "\"own\"")
        #expect(kept > 0 && parsed[0]["truncated"] == "\(600 - kept)")
        // Not much more is left out than must be.
        #expect(lines[0].utf8.count > limit - 80)
        #expect(parsed[1]["exception"]?.hasPrefix("{\"type\":\"") == true && parsed[1]["message"] == "\"m\"")
        #expect(parsed[2]["message"]?.contains(" bytes cut]") == true && parsed[2]["truncated"] == "3")
        #expect(parsed[3]["a"] == "1" && parsed[3]["truncated"] == nil)
    }

    @Test("Each layout is cut by its own measure")
    func layouts() throws {
        let other = MemoryDestination()
        let engine = destination.engine {
            $0.limits = LogLimits(lineBytes: 512)
            $0.root.outputs.append(LogOutput(other, layout: .text))
        }
        ContextLogger("x", engine: engine).info("m") { for number in 0..<43 { $0["f\(number)"] = number } }
        #expect(destination.lines[0].utf8.count <= 512 && destination.lines[0].contains("\"truncated\":"))
        #expect(other.lines[0].utf8.count <= 512 && other.lines[0].hasSuffix(" f42=42\n"))
    }
}
