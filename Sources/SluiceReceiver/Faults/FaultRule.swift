// SPDX-License-Identifier: Apache-2.0

/// A fault that a receiver was asked for, and when it happens.
///
/// Written as the fault and what limits it, with commas between:
///
/// ```
/// status=429,rate=0.3,retry-after=2        three writes in ten are answered 429
/// status=503,after=10s,for=5s              an outage of five seconds, ten seconds after the start
/// status=500,stored                        everything is taken, and the answer says that it was not
/// item=429,api=elasticsearch,rate=0.1      one document in ten is refused
/// delay=30s,first=1                        the first answer takes half a minute
/// reset  half  slow=64KiB  content=hello   see `Fault`
/// ```
package struct FaultRule: Sendable, Equatable {
    package enum API: String, Sendable, CaseIterable {
        case loki
        case elasticsearch
    }

    package var fault: Fault
    /// Nil for both.
    package var api: API?
    /// How probable it is: for a request, or for each item of one.
    package var rate = 1.0
    /// Happens so many times and then no more.
    package var first: Int?
    /// Nanoseconds since the start from which on it happens, and how long.
    package var after: Int64 = 0
    package var duration: Int64?
    /// Value of the `Retry-After` header.
    package var retryAfter: String?
    /// The request is taken although the answer says otherwise.
    package var isStored = false

    package init(_ fault: Fault) { self.fault = fault }

    /// What is wrong with the text of a rule.
    package struct Invalid: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    /// Reads a rule.
    package init(_ text: String) throws(Invalid) {
        var words = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.split($0) }
        guard let (name, value) = words.first else { throw Invalid(description: "a fault is missing") }
        words.removeFirst()
        fault = try Self.fault(name, value)
        for (name, value) in words { try read(name, value) }
        if retryAfter != nil || isStored {
            guard case .status = fault else {
                throw Invalid(description: "only a status takes 'retry-after' or 'stored'")
            }
        }
    }

    private static func split(_ word: Substring) -> (name: String, value: String?) {
        guard let mark = word.firstIndex(of: "=") else { return (String(word), nil) }
        return (String(word[..<mark]), String(word[word.index(after: mark)...]))
    }

    private static func fault(_ name: String, _ value: String?) throws(Invalid) -> Fault {
        switch (name, value) {
        case ("status", let value):
            return .status(try number(value, in: 200...599, "status takes an HTTP status from 200 to 599"))
        case ("item", let value):
            return .items(try number(value, in: 200...599, "item takes an HTTP status from 200 to 599"))
        case ("delay", let value): return .delay(try nanoseconds(value, "delay"))
        case ("reset", nil): return .reset
        case ("half", nil): return .halfReply
        case ("slow", let value):
            let expected = "slow takes bytes a second, as 1000 or 64KiB"
            guard var text = value else { throw Invalid(description: expected) }
            var unit = 1
            for (suffix, bytes) in [("KiB", 1 << 10), ("MiB", 1 << 20), ("KB", 1000), ("MB", 1_000_000)]
            where text.hasSuffix(suffix) {
                text.removeLast(suffix.count)
                unit = bytes
                break
            }
            return .slow(try number(text, in: 1...1_000_000_000, expected) * unit)
        case ("content", let value?): return .content(value)
        default:
            throw Invalid(
                description: "'\(name)' is no fault: there are status=N, item=N, delay=TIME, reset, half, slow=BYTES "
                    + "and content=TEXT"
            )
        }
    }

    private mutating func read(_ name: String, _ value: String?) throws(Invalid) {
        switch (name, value) {
        case ("api", let value):
            api = value.flatMap { API(rawValue: $0) }
            if api == nil { throw Invalid(description: "api takes 'loki' or 'elasticsearch'") }
        case ("rate", let value):
            guard let rate = value.flatMap({ Double($0) }), rate > 0, rate <= 1 else {
                throw Invalid(description: "rate takes a probability above 0 and up to 1")
            }
            self.rate = rate
        case ("first", let value):
            first = try Self.number(value, in: 1...1_000_000_000, "first takes a number of requests")
        case ("after", let value): after = try Self.nanoseconds(value, "after")
        case ("for", let value): duration = try Self.nanoseconds(value, "for")
        case ("retry-after", let value?): retryAfter = value
        case ("stored", nil): isStored = true
        default:
            throw Invalid(
                description: "'\(name)' limits no fault: there are api, rate, first, after, for, retry-after and stored"
            )
        }
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>, _ expected: String) throws(Invalid) -> Int {
        guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
            throw Invalid(description: expected)
        }
        return number
    }

    /// `500ms`, `2s`, `1m`.
    private static func nanoseconds(_ text: String?, _ name: String) throws(Invalid) -> Int64 {
        for (unit, length) in [("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000)] as [(String, Double)] {
            guard let text, text.hasSuffix(unit), let number = Double(text.dropLast(unit.count)) else { continue }
            let nanoseconds = number * length
            if nanoseconds >= 0, nanoseconds < 1e15 { return Int64(nanoseconds) }
        }
        throw Invalid(description: "\(name) takes a time such as 500ms, 2s or 1m")
    }
}
