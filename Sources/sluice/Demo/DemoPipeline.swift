// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The demo's pipeline: the one of the README, with the demo's paths and ports and one input more.
struct DemoPipeline {
    /// A log in plain text that most Debians and Ubuntus have.
    static let plainLog = "/var/log/dpkg.log"

    /// The folder of the service's files.
    var application: String
    /// A file of plain text that is followed, too.
    var plainLog: String?
    /// Base addresses.
    var loki: String
    var elasticsearch: String

    /// As YAML.
    var text: String {
        """
        # Written by 'sluice demo'. 'sluice check' and 'sluice run' take it as it is.
        name: demo
        inputs:
          - type: file
            id: service
            paths: ["\(application)/*.log"]
            parse: json
            processors:
              - timestamp: {field: timestamp, layouts: [ISO8601]}
              - add_fields: {target: "", fields: {service: mlops-api, environment: demo}}
              - drop_event: {when: {equals: {level: DEBUG}}}
        \(plainInput)outputs:
          - type: loki
            url: \(loki)
            labels: {service: "%{[service]}", level: "%{[level]}"}
            structured_metadata: [request_id, user_id]
          - type: elasticsearch
            name: search
            hosts: ["\(elasticsearch)"]
            index: "logs-%{[service]}-%{+yyyy.MM.dd}"
            compression_level: 1
            bulk_max_size: 1600
            bulk_max_bytes: 5MB
            flush: {timeout: 1s}
            backoff: {init: 1s, max: 60s}

        """
    }

    private var plainInput: String {
        guard let plainLog else { return "" }
        return """
              - type: file
                id: dpkg
                paths: ["\(plainLog)"]
                parse: none
                processors:
                  - add_fields: {target: "", fields: {service: dpkg}}

            """
    }

    func write(to path: String) throws(DemoFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DemoFailure("cannot write \(path)", code: errno) }
        defer { close(descriptor) }
        guard Terminal.write(text, to: descriptor) else { throw DemoFailure("cannot write \(path)", code: errno) }
    }
}
