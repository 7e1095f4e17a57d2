// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension MeasuredPart {
    /// Finding lines, and checking each as JSON while noting where its members lie.
    static let scan = MeasuredPart(name: "scan") { input throws(ToolError) in
        let text = input.corpus.view
        let lines = Measurement("lines", bytes: text.count, events: input.lines.count, rounds: input.rounds) {
            var start = 0
            while let found = text[start..<text.count].firstIndex(of: 0x0a) { start += found + 1 }
        }
        let index = JSONIndex()
        var failures = 0
        let scan = Measurement("scan", bytes: text.count, events: input.lines.count, rounds: input.rounds) {
            for line in input.lines {
                do throws(JSONError) {
                    try JSONScanner.scan(text[line], into: index)
                } catch {
                    failures += 1
                }
            }
        }
        guard failures == 0 else { throw ToolError("the corpus has lines that are not JSON") }
        return [lines, scan]
    }
}
