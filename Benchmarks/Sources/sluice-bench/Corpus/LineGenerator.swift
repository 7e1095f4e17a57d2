// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Makes log lines of one format, one after another. The `sequence` number in each makes it unlike all others.
protocol LineGenerator {
    /// Appends the next line, newline included.
    mutating func appendLine(sequence: Int, to arena: ByteArena)
}

/// JSON lines of about 300 bytes, as a service with structured logs writes them.
struct JSONLineGenerator: LineGenerator {
    private var random: RandomSource
    private var timestamps = TimestampWriter()
    /// 2026-11-22T03:32:00Z.
    private var time: Int64 = 1_795_318_320_000_000_000
    private static let versions: [StaticString] = ["2.4.1", "2.4.0", "2.3.7", "3.0.0"]

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func appendLine(sequence: Int, to arena: ByteArena) {
        time += Int64(random.below(600_000))
        let site = CallSite.all[random.below(CallSite.all.count)]
        arena.append("{\"timestamp\":\"")
        timestamps.write(time, fractionDigits: 6, to: arena)
        arena.append("\",\"level\":\"")
        arena.append(site.level)
        arena.append("\",\"logger\":\"")
        arena.append(site.logger)
        arena.append("\",\"message\":\"")
        appendMessage(ByteView(site.message), to: arena)
        arena.append("\",\"module\":\"")
        arena.append(site.module)
        arena.append("\",\"function\":\"")
        arena.append(site.function)
        arena.append("\",\"line\":")
        arena.append(decimal: site.line)
        arena.append(",\"sequence\":")
        arena.append(decimal: sequence)
        arena.append(",\"user_id\":")
        arena.append(decimal: 100_000 + random.below(900_000))
        arena.append(",\"request_id\":\"")
        for _ in 0..<2 {
            var identifier = random.next()
            for _ in 0..<12 {
                arena.append(Hexadecimal.digit(UInt8(truncatingIfNeeded: identifier)))
                identifier >>= 4
            }
        }
        arena.append("\",\"model_version\":\"")
        arena.append(Self.versions[random.skewed(Self.versions.count)])
        arena.append("\",\"execution_time\":0.")
        arena.append(decimal: 1000 + random.below(99_000), width: 6)
        arena.append("}\n")
    }

    private mutating func appendMessage(_ message: ByteView, to arena: ByteArena) {
        for index in 0..<message.count {
            switch message[index] {
            case UInt8(ascii: "#"): arena.append(decimal: random.below(100_000))
            case UInt8(ascii: "@"): arena.append(CallSite.words[random.below(CallSite.words.count)])
            case let byte: arena.append(byte)
            }
        }
    }
}

/// Lines of nginx's access log in its format `combined`, about 195 bytes.
struct AccessLineGenerator: LineGenerator {
    private var random: RandomSource
    /// Milliseconds since 2026-11-22T00:00:00Z.
    private var time = 12_720_000

    private static let paths: [StaticString] = [
        "/", "/v1/models", "/v1/models/churn/predict", "/v1/users/me", "/static/app.css", "/static/app.js",
        "/v1/sessions", "/search", "/v1/models/fraud/predict", "/healthz", "/favicon.ico", "/v1/exports/daily.csv",
    ]
    private static let referrers: [StaticString] = [
        "-", "https://example.org/", "https://example.org/models", "https://www.example.com/search?q=scores",
    ]
    private static let agents: [StaticString] = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
        "curl/8.9.1", "python-requests/2.32.3", "kube-probe/1.31",
    ]
    private static let statuses: [StaticString] = ["200", "304", "201", "404", "302", "500", "499"]

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func appendLine(sequence: Int, to arena: ByteArena) {
        time += random.below(3)
        let seconds = time / 1000
        for part in 0..<4 {
            if part > 0 { arena.append(UInt8(ascii: ".")) }
            arena.append(decimal: 1 + random.below(250))
        }
        arena.append(" - - [")
        arena.append(decimal: 22 + seconds / 86_400 % 8, width: 2)
        arena.append("/Nov/2026:")
        arena.append(decimal: seconds / 3600 % 24, width: 2)
        arena.append(UInt8(ascii: ":"))
        arena.append(decimal: seconds / 60 % 60, width: 2)
        arena.append(UInt8(ascii: ":"))
        arena.append(decimal: seconds % 60, width: 2)
        arena.append(" +0000] \"")
        arena.append(random.below(4) == 0 ? "POST " : "GET ")
        arena.append(Self.paths[random.skewed(Self.paths.count)])
        arena.append("?item=")
        arena.append(decimal: random.below(10_000_000))
        arena.append("&sequence=")
        arena.append(decimal: sequence)
        arena.append(" HTTP/1.1\" ")
        arena.append(Self.statuses[random.skewed(Self.statuses.count)])
        arena.append(" ")
        arena.append(decimal: random.below(100_000))
        arena.append(" \"")
        arena.append(Self.referrers[random.skewed(Self.referrers.count)])
        if random.below(2) == 0 {
            arena.append("#")
            arena.append(CallSite.words[random.below(CallSite.words.count)])
        }
        arena.append("\" \"")
        arena.append(Self.agents[random.skewed(Self.agents.count)])
        arena.append("\"\n")
    }
}
