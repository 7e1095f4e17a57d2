// What "Migration" shows.

import Logging
import SluiceLogging

func fromPrint(user: Int, seconds: Double) {
    // snippet.print-before
    print("prediction for user \(user) took \(seconds) s")
    // snippet.end
    // snippet.print-after
    let log = ContextLogger("mlops.prediction")
    log.info("prediction served") {
        $0["user_id"] = user
        $0["execution_time"] = seconds
    }
    // snippet.end
}

func streamBefore() {
    // snippet.stream-before
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    // snippet.end
}

func streamAfter() {
    // snippet.stream-after
    LogEngine.shared.configure(LogConfiguration(outputs: [LogOutput(.standardError, layout: .text)]))
    LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }
    // snippet.end
}

func pythonLevels(_ log: ContextLogger, path: String, error: any Error) {
    // snippet.python-calls
    log.info("loaded") { $0["path"] = path }
    log.error("prediction failed", error: error)
    if log.isEnabled(.debug) { log.debug("state: \(expensive())") }  // or without the if: it is not made unless logged
    // snippet.end
}

func expensive() -> String { "" }

func pythonAdapter(id: String) {
    // snippet.python-adapter
    let log = ContextLogger("mlops.api").with(["request_id": id])
    log.info("served")
    // snippet.end
}

func pythonContext(id: String) async throws {
    // snippet.python-contextvars
    try await withLogContext(["request_id": id]) {
        try await serve()
    }
    // snippet.end
}

func serve() async throws {}

func pythonConfiguration() throws {
    // snippet.python-configuration
    LogEngine.shared.configure(try LogConfiguration(contentsOfFile: "logging.json"))
    LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }
    // snippet.end
}
