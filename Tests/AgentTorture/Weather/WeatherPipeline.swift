// SPDX-License-Identifier: Apache-2.0

/// The pipeline that has to stand the weather: Loki over TLS, Elasticsearch with several hosts, and Logstash.
enum WeatherPipeline {
    /// Of Elasticsearch.
    static let hosts = 3

    /// - Parameter authority: the file of whoever vouches for Loki's server; nil for Loki in plain text.
    static func text(root: String, lokiPort: Int, authority: String?, hosts: [Int], logstashPort: Int) -> String {
        var text = "name: torture\nmax_procs: \(AgentProcess.processors)\nshutdown_timeout: 20s\ninputs:\n"
        for format in LineFormat.allCases {
            text += """
                  - type: file
                    paths: ["\(root)/logs/\(PipelineFile.group(format, true))/*/app.log*"]
                    parse: \(format == .json ? "json" : "none")
                    scan_frequency: \(Timeline.scanInterval / MachineClock.millisecond)ms
                    close_inactive: 4s

                """
            if format == .json {
                text += "    processors:\n      - timestamp: {field: timestamp, layouts: [ISO8601]}\n"
            }
        }
        // The pauses are the standard ones: that an output is back soon must not depend on short ones.
        let pace = "    timeout: 3s\n    flush: {timeout: 100ms}\n"
        text += "outputs:\n  - type: loki\n    labels: {job: torture}\n" + pace
        if let authority {
            text += "    url: https://127.0.0.1:\(lokiPort)\n    ssl: {certificate_authorities: [\"\(authority)\"]}\n"
        } else {
            text += "    url: http://127.0.0.1:\(lokiPort)\n"
        }
        let addresses = hosts.map { "\"http://127.0.0.1:\($0)\"" }.joined(separator: ", ")
        text += "  - type: elasticsearch\n    hosts: [\(addresses)]\n    index: logs-torture\n" + pace
        text += "  - type: logstash\n    hosts: [\"127.0.0.1:\(logstashPort)\"]\n" + pace
        return text
    }
}
