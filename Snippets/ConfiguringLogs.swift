// What "Configuration" and the README show.

import Configuration
import Logging
import SluiceLogging

func load() throws {
    // snippet.load
    LogEngine.shared.configure(try LogConfiguration(contentsOfFile: "/etc/mlops/logging.json"))
    // snippet.end
}

func reload(_ log: ContextLogger) {
    // snippet.reload
    do {
        try LogEngine.shared.reload(contentsOfFile: "/etc/mlops/logging.json")
    } catch {
        log.error("the new logging configuration is wrong, and the old one stays in force", error: error)
    }
    // snippet.end
}

func levels() {
    // snippet.levels
    LogEngine.shared.setLevel(.debug, for: "mlops.prediction")
    LogEngine.shared.setLevel(nil, for: "mlops.prediction")  // what the configuration says holds again
    // snippet.end
}

func configuration() throws {
    // snippet.in-swift
    let app = try RotatingFile(path: "/var/log/mlops/app.log")
    let predictions = try RotatingFile(path: "/var/log/mlops/prediction.log", maximumBytes: 10 << 20, backupCount: 20)
    let audit = try RotatingFile(path: "/var/log/mlops/audit.log", sync: .everyLine)
    LogEngine.shared.configure(
        LogConfiguration(
            level: .info,
            outputs: [LogOutput(app), LogOutput(.standardError, level: .warning, layout: .text)],
            loggers: [
                "mlops.prediction": LoggerRule(level: .debug, outputs: [LogOutput(predictions)]),
                "mlops.audit": LoggerRule(level: .trace, outputs: [LogOutput(audit)], propagates: false),
            ]
        )
    )
    // snippet.end
}

func sanity() throws {
    // snippet.sanity-beside-a-file
    var configuration = try LogConfiguration(contentsOfFile: "/etc/mlops/logging.json")
    configuration.redaction = LogRedaction(keys: LogRedaction.commonKeys)
    LogEngine.shared.configure(configuration)
    // snippet.end
}

func ownEngine(_ destination: any LogDestination) {
    // snippet.own-engine
    let engine = LogEngine(LogConfiguration(level: .trace, outputs: [LogOutput(.standardError, layout: .text)]))
    let log = ContextLogger("audit", engine: engine)
    log.notice("policy changed")
    // snippet.end
}

func reader() throws {
    // snippet.reader
    let reader = ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "logging")
    LogEngine.shared.configure(try LogConfiguration(reader: reader))
    // snippet.end
}

func signals() {
    // snippet.signals
    HangupSignal.reloads(contentsOfFile: "/etc/mlops/logging.json")
    VerbositySignals.changeRootLevel()
    // snippet.end
}
