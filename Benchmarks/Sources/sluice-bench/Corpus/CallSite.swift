// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// A place in a program that logs: what is the same in every line that comes from there.
struct CallSite {
    var level: StaticString
    var logger: StaticString
    /// The message, already escaped.
    var message: StaticString
    var module: StaticString
    var function: StaticString
    var line: Int

    init(
        _ level: StaticString,
        _ logger: StaticString,
        _ message: StaticString,
        _ module: StaticString,
        _ function: StaticString,
        _ line: Int
    ) {
        self.level = level
        self.logger = logger
        self.message = message
        self.module = module
        self.function = function
        self.line = line
    }

    /// The places of a service that serves predictions of models. `#` in a message is a number, `@` a word.
    static let all: [CallSite] = [
        CallSite("INFO", "prediction", "Served # of @ to #", "serving", "predict", 142),
        CallSite("INFO", "http", "POST /v1/@/# 200 # bytes", "access", "log_request", 58),
        CallSite("DEBUG", "features", "Loaded # of @, # stale", "store", "load_features", 211),
        CallSite("INFO", "cache", "Hit @:# aged #", "cache", "get", 77),
        CallSite("DEBUG", "cache", "Miss @:#, asking @", "cache", "get", 83),
        CallSite("INFO", "batch", "Batch # by @ in # us", "batching", "flush", 305),
        CallSite("INFO", "auth", "Token # of @ good for # s", "tokens", "verify", 64),
        CallSite("DEBUG", "db", "SELECT @: # rows, # us", "session", "execute", 418),
        CallSite("INFO", "queue", "Message # on @ lag #", "consumer", "acknowledge", 129),
        CallSite("WARNING", "features", "@ of # is # s old", "store", "check_age", 240),
        CallSite("INFO", "drift", "PSI of @ over #: 0.0#", "monitor", "check", 92),
        CallSite("DEBUG", "http", "Connection # to @:#", "server", "keep_alive", 187),
        CallSite("WARNING", "http", "Slow @: # ms over #", "access", "log_slow", 71),
        CallSite("INFO", "registry", "Model @-# before #", "registry", "refresh", 33),
        CallSite("ERROR", "prediction", "@ said \\\"NaN\\\" to # at #", "serving", "predict", 151),
        CallSite("INFO", "scheduler", "Job @/# took # ms", "scheduler", "run_job", 260),
        CallSite("WARNING", "db", "Pool @ full, waited # of #", "pool", "acquire", 119),
        CallSite("ERROR", "queue", "Refused #:\\n@ differs at #", "consumer", "handle", 166),
        CallSite("INFO", "export", "Zürich-Export @: # von #", "export", "write_rows", 48),
        CallSite("CRITICAL", "health", "@ not ready: # of # failed", "probes", "ready", 22),
    ]

    /// What services, models and tables are called.
    static let words: [StaticString] = [
        "churn", "fraud", "ranking", "pricing", "vision", "speech", "intent", "credit", "demand", "routing", "search",
        "basket", "session", "profile", "ledger", "invoice", "catalog", "stock", "weather", "sensor", "tariff", "claim",
        "refund", "voucher", "carrier", "parcel", "depot", "rider", "lesson", "review", "alert", "topic",
    ]
}
