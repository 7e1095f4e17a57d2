// SPDX-License-Identifier: Apache-2.0

/// `sluice receive`, which keeps its ports and its data when it is started again.
final class ReceiverProcess {
    private let folder: String
    private(set) var lokiPort = 0
    private(set) var elasticsearchPort = 0
    private var process: ChildProcess?
    private var starts = 0

    init(folder: String) throws(Failure) {
        self.folder = folder
        try start()
    }

    static func databasePath(folder: String) -> String { folder + "/receiver/receiver.db" }

    /// Starts it, the first time or after a kill, and waits until it listens.
    func start() throws(Failure) {
        starts += 1
        let log = "\(folder)/receive-\(starts).log"
        let process = try ChildProcess(
            [
                ChildProcess.sluicePath, "receive", "--loki", "127.0.0.1:\(lokiPort)",
                "--elasticsearch", "127.0.0.1:\(elasticsearchPort)", "--data", folder + "/receiver",
                // The agent's clock is stepped, and files wait while it is dead.
                "--accept-old", "--end-with-input",
            ],
            output: .file(log)
        )
        self.process = process
        let deadline = MachineClock.monotonic() + 60 * MachineClock.second
        while true {
            let text = TextFile.read(log)
            if let loki = Self.port(in: text, of: "listening for Loki"),
                let elasticsearch = Self.port(in: text, of: "listening for Elasticsearch")
            {
                (lokiPort, elasticsearchPort) = (loki, elasticsearch)
                return
            }
            guard process.isRunning, MachineClock.monotonic() < deadline else {
                throw Failure("the receiver does not listen: \(text.suffix(1000))")
            }
            MachineClock.sleep(milliseconds: 5)
        }
    }

    func kill() { process?.kill() }

    private static func port(in text: String, of message: String) -> Int? {
        for line in text.split(separator: "\n") where line.contains(message) {
            guard let mark = line.firstRange(of: "\"port\":") else { continue }
            return Int(line[mark.upperBound...].drop { $0 == "\"" }.prefix { $0.isNumber })
        }
        return nil
    }
}
