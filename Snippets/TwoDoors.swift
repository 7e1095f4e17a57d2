// What "Two doors" shows.

import Logging
import SluiceLogging

func swiftLog(email: String) {
    // snippet.swift-log
    var logger = Logger(label: "mlops.prediction")
    logger[metadataKey: "request_id"] = "9f0c"
    logger.info("prediction served", metadata: ["user_id": .stringConvertible(42), "email": .sensitive(email)])
    // snippet.end
}

func contextLogger(email: String) {
    // snippet.context-logger
    let log = ContextLogger("mlops.prediction").with(["request_id": "9f0c"])
    log.info("prediction served") {
        $0["user_id"] = 42
        $0["execution_time"] = 0.013
        $0["email"] = .sensitive(email)
    }
    // snippet.end
}

func ownContext(_ log: ContextLogger) {
    // snippet.own-context
    log.setContext(["worker": 3])  // for all lines of this logger from now on, on all threads
    let job = log.with(["job": "nightly"])  // a logger of the same name with more context
    job.info("started")
    log.clearContext()  // `job` keeps its own
    // snippet.end
}

func taskContext(_ logger: Logger, _ log: ContextLogger, _ id: String) async {
    // snippet.task-context
    await withLogContext(["request_id": id]) {
        logger.info("request read")
        async let score = predict()
        log.info("prediction served") { $0["score"] = 0.87 }
        _ = await score  // what it logs has the request's id as well
    }
    // snippet.end
}

func predict() async -> Double { 0.87 }

// snippet.own-types
enum Plan: String, LogValue {
    case free, pro
}

struct Price: LogValue, CustomStringConvertible {
    var amount: Int
    var currency: String

    var description: String { "\(amount) \(currency)" }

    func write(to writer: inout LogValueWriter) {
        writer.write(object: ["amount": amount, "currency": currency])
    }
}
// snippet.end

func ownTypes(_ logger: Logger, _ log: ContextLogger) {
    let price = Price(amount: 990, currency: "EUR")
    // snippet.own-types-used
    log.info("plan changed") {
        $0["plan"] = Plan.pro
        $0["price"] = price
        $0["previous"] = Plan.free as Plan?  // nil adds no field
        $0["at"] = LogTime.now
    }
    logger.info("plan changed", metadata: ["price": .stringConvertible(price)])  // an object as well
    // snippet.end
}

// snippet.own-error
struct ModelMissing: LoggableError, CustomStringConvertible {
    var version: String
    var underlyingError: (any Error)?

    var description: String { "no model \(version)" }
    var logMetadata: LogMetadata { ["version": version] }
}
// snippet.end

func errors(_ logger: Logger, _ log: ContextLogger, _ error: any Error) {
    // snippet.own-error-used
    log.error("prediction failed", error: ModelMissing(version: "v2", underlyingError: error))
    logger.error("prediction failed", error: error)
    // snippet.end
}
