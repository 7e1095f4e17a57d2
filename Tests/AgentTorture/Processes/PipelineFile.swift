// SPDX-License-Identifier: Apache-2.0

/// The pipeline that the agent runs, and where the writers' files are.
enum PipelineFile {
    /// Of the folder that has a writer's files.
    static func folder(_ root: String, _ plan: WriterPlan) -> String {
        "\(root)/logs/\(group(plan.format, plan.staysInPattern))/w\(plan.number)-\(plan.style.rawValue)"
    }

    static func group(_ format: LineFormat, _ staysInPattern: Bool) -> String {
        "\(format.rawValue)-\(staysInPattern ? "all" : "current")"
    }

    static func text(root: String, lokiPort: Int, elasticsearchPort: Int) -> String {
        var text = "name: torture\nmax_procs: \(AgentProcess.processors)\nshutdown_timeout: 2s\ninputs:\n"
        for format in LineFormat.allCases {
            for staysInPattern in [true, false] {
                let pattern = "\(root)/logs/\(group(format, staysInPattern))/*/app.log\(staysInPattern ? "*" : "")"
                text += """
                      - type: file
                        paths: ["\(pattern)"]
                        parse: \(format == .json ? "json" : "none")
                        scan_frequency: \(Timeline.scanInterval / MachineClock.millisecond)ms
                        close_inactive: 4s

                    """
                if format == .json {
                    text += "    processors:\n      - timestamp: {field: timestamp, layouts: [ISO8601]}\n"
                }
            }
        }
        let pace = "    timeout: 20s\n    flush: {timeout: 100ms}\n    backoff: {init: 20ms, max: 300ms}\n"
        text += "outputs:\n  - type: loki\n    url: http://127.0.0.1:\(lokiPort)\n    labels: {job: torture}\n" + pace
        text += "  - type: elasticsearch\n    hosts: [\"http://127.0.0.1:\(elasticsearchPort)\"]\n"
        text += "    index: logs-torture\n" + pace
        return text
    }
}
