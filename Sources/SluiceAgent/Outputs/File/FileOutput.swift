// SPDX-License-Identifier: Apache-2.0

package import Logging
package import SluiceEvents
import SluiceLogging

/// Writes events to a file that starts anew at a size, one JSON object a line. They are synced before they count as
/// delivered.
package struct FileOutput: Output {
    package var options: OutputOptions
    package var codec: LineCodec
    /// The file that is written.
    package var path: String
    /// The size at which it starts anew, in bytes.
    package var maximumBytes: Int
    /// How many predecessors are kept.
    package var keptFiles: Int

    /// Reads the options of an output of type `file`, as Filebeat names them: `path` (a directory), `filename`,
    /// `rotate_every_kb`, `number_of_files`, `codec`, and what all outputs have.
    package init?(_ section: ConfigurationSection) {
        options = OutputOptions(local: section, name: "file")
        codec = LineCodec.read(section)
        let name = section.string("filename", default: "sluice")
        maximumBytes = section.integer("rotate_every_kb", default: 10_240, in: 1...(1 << 40)) << 10
        // Filebeat counts the file itself.
        keptFiles = section.integer("number_of_files", default: 7, in: 2...1024) - 1
        path = ""
        if case .prettyJSON = codec {
            section.report(section.node("codec") ?? section.node, "a file has one event a line, so none is 'pretty'")
        }
        if name.isEmpty || name.contains("/"), let node = section.node("filename") {
            section.report(node, "'filename' is a name without a directory; that is 'path'")
        }
        guard let directory = section.requiredString("path"), !directory.isEmpty else { return nil }
        path = directory + "/" + name + ".ndjson"
    }

    package func makeEncoder() -> any OutputEncoder { LineEncoder(options: options, codec: codec) }

    /// The body says how many bytes, whole lines from the first on, are in the file.
    package func judge(_ response: OutputResponse, request: OutputRequest) -> Verdict {
        guard response.status != 200 else { return .delivered }
        let kept = Int(response.body.string.prefix { $0.isNumber }) ?? 0
        let reason = String(response.body.string.drop { $0.isNumber })
        guard kept > 0 else { return .again(reason: reason, after: nil) }
        let verdicts = (0..<request.events.count).map { $0 < kept ? EventVerdict.delivered : .retry }
        return .each(verdicts, reason: reason)
    }

    package var destinations: [String] { [path] }

    package func probe(_ destination: String, over road: DestinationRoad) async throws -> Finding {
        await Blocking.run { WritableFile.finding(destination) }
    }

    package func makeTransport(logger: Logger) throws -> (any Transport)? { try FileTransport(self) }
}
