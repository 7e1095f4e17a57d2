// What "Getting started" and the README show.

// snippet.first
import Logging
import SluiceLogging

let file = try RotatingFile(path: "/var/log/mlops/api.log", maximumBytes: 10 << 20, backupCount: 10)
LogEngine.shared.configure(
    LogConfiguration(level: .info, outputs: [LogOutput(file), LogOutput(.standardError, level: .error, layout: .text)])
)
LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }

let logger = Logger(label: "mlops.prediction")
logger.info("prediction served", metadata: ["request_id": "9f0c", "user_id": .stringConvertible(42)])
// snippet.end

func typedFields() {
    // snippet.typed
    let log = ContextLogger("mlops.prediction")
    log.setContext(["request_id": "9f0c"])
    log.info("prediction served") { $0["user_id"] = 42 }
    // snippet.end
}
