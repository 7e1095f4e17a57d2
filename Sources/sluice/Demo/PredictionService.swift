// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import SluiceLogging

/// The demo's service: it predicts, and logs as services do.
///
/// Each line but those of level DEBUG has a `sequence`, counted from 0, so that it can be checked what arrived.
/// `execution_time` is in milliseconds, and measured.
final class PredictionService {
    private let logger: Logger
    private let file: RotatingFile
    private let model = PredictionModel(cases: 4000)
    private var report = ServiceReport()
    private var inode: UInt64?
    private var requests = 0

    /// - Parameters:
    ///   - directory: gets `app.log` and its predecessors.
    ///   - maximumBytes: the size at which a file is changed for a new one.
    init(directory: String, maximumBytes: Int) throws {
        let file = try RotatingFile(path: directory + "/app.log", maximumBytes: maximumBytes, backupCount: 10)
        self.file = file
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label, destination: file, level: .debug) }
        var logger = Logger(label: "mlops.prediction")
        logger[metadataKey: "model"] = "credit-risk-4"
        self.logger = logger
    }

    /// Serves requests, some more and some fewer at a time, until the task is cancelled.
    ///
    /// - Parameter rate: requests a second, on the average.
    func run(rate: Double) async {
        let start = ContinuousClock.now
        log(.notice, "service started", ["known_cases": .stringConvertible(4000)])
        Terminal.print(report.text)
        while !Task.isCancelled {
            let due = Int((ContinuousClock.now - start) / .seconds(1) * rate)
            while requests < due { serve() }
            countRotation()
            // Before any of these lines can have arrived, so that nobody sees more arrive than were written.
            Terminal.print(report.text)
            try? await Task.sleep(for: .milliseconds(Int.random(in: 2...30)))
        }
        log(.notice, "service stopped", ["requests": .stringConvertible(requests)])
        countRotation()
        file.close()
        report.dropped = file.droppedLines
        report.isFinal = true
        Terminal.print(report.text)
    }

    private func serve() {
        requests += 1
        let identifier = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        var metadata: Logger.Metadata = [
            "request_id": .string(String(repeating: "0", count: 16 - identifier.count) + identifier),
            "user_id": .stringConvertible(Int.random(in: 1000...9999)),
        ]
        var features = PredictionModel.anyFeatures()
        if requests % 20 == 7 {
            report.debug += 1
            logger.debug("features loaded", metadata: metadata)
        }
        // Now and then a caller sends something that is no case.
        if requests % 90 == 31 { features[Int.random(in: 0..<8)] = .nan }
        let start = ContinuousClock.now
        let result = Result { () throws(PredictionModel.Failure) in try model.predict(features) }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        metadata["execution_time"] = .stringConvertible((milliseconds * 1000).rounded() / 1000)
        switch result {
        case .success(let probability):
            metadata["probability"] = .stringConvertible(probability)
            if abs(probability - 0.5) < 0.2 {
                log(.warning, "prediction is uncertain", metadata)
            } else {
                log(.info, "prediction served", metadata)
            }
        case .failure(let error): log(.error, "prediction failed", metadata, error: error)
        }
    }

    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ metadata: Logger.Metadata,
        error: (any Error)? = nil
    ) {
        var metadata = metadata
        metadata["sequence"] = .stringConvertible(report.numbered)
        report.numbered += 1
        logger.log(level: level, message, error: error, metadata: metadata)
    }

    /// Looks whether the file under the name is another than before.
    private func countRotation() {
        var status = stat()
        guard unsafe stat(file.path, &status) == 0 else { return }
        let found = UInt64(status.st_ino)
        if let inode, inode != found { report.rotations += 1 }
        inode = found
    }
}
