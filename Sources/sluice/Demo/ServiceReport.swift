// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver

/// What the demo's service says of itself on its standard output, again and again and for the last time at its end.
struct ServiceReport {
    /// Lines with a number, from 0 to below this.
    var numbered = 0
    /// Lines of level DEBUG, which have none.
    var debug = 0
    /// How often the file was changed for a new one.
    var rotations = 0
    /// Lines that could not be written.
    var dropped = 0
    var isFinal = false

    /// A line of JSON.
    var text: String {
        """
        {"numbered":\(numbered),"debug":\(debug),"rotations":\(rotations),"dropped":\(dropped),"final":\(isFinal)}
        """
    }
}

extension ServiceReport {
    init?(_ record: JSONValue) {
        guard let numbered = record["numbered"]?.integer, let debug = record["debug"]?.integer,
            let rotations = record["rotations"]?.integer, let dropped = record["dropped"]?.integer
        else { return nil }
        self.init(
            numbered: numbered,
            debug: debug,
            rotations: rotations,
            dropped: dropped,
            isFinal: record["final"]?.text == "true"
        )
    }

    /// The newest that a service has printed.
    init?(last process: DemoProcess) {
        for line in LogTail.lines(process.logPath, bytes: 4096).reversed() {
            if let record = ProcessLog.record(line), let report = ServiceReport(record) {
                self = report
                return
            }
        }
        return nil
    }
}
