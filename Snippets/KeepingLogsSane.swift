// What "Keeping logs sane" shows.

import Logging
import SluiceLogging

func redaction(_ configuration: inout LogConfiguration) {
    // snippet.redaction
    configuration.redaction = LogRedaction(
        keys: LogRedaction.commonKeys + ["iban"],
        patterns: [.creditCardNumbers, .bearerTokens, .emailAddresses]
    )
    // snippet.end
}

func sensitive(_ logger: Logger, _ log: ContextLogger, email: String, name: String) {
    // snippet.sensitive
    log.info("signed in") { $0["email"] = .sensitive(email) }
    logger.info("signed in", metadata: ["email": .sensitive(email)])
    // snippet.end
}

func ownPattern(_ configuration: inout LogConfiguration) {
    // snippet.own-pattern
    /// What begins with `key_`, up to the next space.
    let apiKeys = LogPattern { text, start in
        text.withUnsafeBytes { bytes in
            let prefix = Array("key_".utf8)
            guard bytes.count >= start + prefix.count else { return nil }
            for position in start...(bytes.count - prefix.count) where bytes[position...].starts(with: prefix) {
                return position..<(bytes[position...].firstIndex(of: UInt8(ascii: " ")) ?? bytes.count)
            }
            return nil
        }
    }
    configuration.redaction.patterns.append(apiKeys)
    // snippet.end
}

func floods(_ configuration: inout LogConfiguration) {
    // snippet.sampling
    configuration.sampling = LogSampling(first: 100, thereafter: 1000, interval: .seconds(1), exemptLevel: .error)
    // snippet.end
    // snippet.repeats
    configuration.repeats = LogRepeats(interval: .seconds(10))
    // snippet.end
    // snippet.limits
    configuration.limits = LogLimits(valueBytes: 8 << 10, lineBytes: 64 << 10)
    // snippet.end
}

func counters(_ log: ContextLogger) {
    // snippet.counters
    log.info("log lines left out") {
        $0["sampled_out"] = LogEngine.shared.sampledOut
        $0["repeats"] = LogEngine.shared.suppressedRepeats
    }
    // snippet.end
}
