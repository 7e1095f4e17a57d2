// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceCompression

extension MeasuredPart {
    /// Compressing blocks of 1 MiB.
    static let gzip = MeasuredPart(name: "gzip") { input throws(ToolError) in
        guard let compressor = try? GzipCompressor(level: 1) else { throw ToolError("zlib could not be set up") }
        let text = input.corpus.view
        let output = ByteArena(capacity: 1 << 20)
        let gzip = Measurement("gzip 1", bytes: text.count, events: input.lines.count, rounds: input.rounds) {
            var start = 0
            while start < text.count {
                let end = min(start + 1 << 20, text.count)
                output.removeAll()
                compressor.compress(text[start..<end], to: output)
                start = end
            }
        }
        return [gzip]
    }
}
