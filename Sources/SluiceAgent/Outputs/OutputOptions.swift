// SPDX-License-Identifier: Apache-2.0

import SluiceCompression
package import SluiceEvents

/// What every output can be told, under Filebeat's names.
package struct OutputOptions: Sendable, Equatable {
    package var name: String
    /// Of which events it gets; nil: of all. What it does not get counts as done.
    package var when: ConfigurationNode?
    /// Whether reading waits for it. One that is not required has a reader, queues and progress of its own.
    package var isRequired = true
    /// Whether it gets what was read before it was there.
    package var startsAtBeginning = false
    /// Base addresses: scheme, host, port and perhaps a path, without a slash at the end. Never empty; what has no
    /// address has one that is empty.
    package var addresses: [String]
    /// Headers that every request gets.
    package var headers: [HeaderField] = []
    /// What `ssl` says, for addresses with https; nil if it says nothing.
    package var tls: TLSOptions?
    package var proxy = ProxyOptions.environment
    package var compressionLevel: Int
    /// What compresses, if the level is not 0.
    package var compression = BodyCompression.gzip(.auto)
    /// Events in a request.
    package var bulkMaximumEvents: Int
    /// Bytes in a request, before compression.
    package var bulkMaximumBytes: Int
    /// How fast it may send, how much at once, and to which host.
    package var pace: PaceOptions
    /// Nanoseconds.
    package var timeout: Int64
    package var backoffInitial: Int64
    package var backoffMaximum: Int64
    /// At most this long after the first event of a batch.
    package var flushTimeout: Int64
    /// Its destination is set up, or looked at, before the first event goes.
    package var isSetUpFirst = false

    package struct HeaderField: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    /// What differs from output to output.
    package struct Defaults: Sendable {
        package var name: String
        package var port: Int
        package var bulkMaximumEvents: Int
        package var bulkMaximumBytes: Int
        package var compressionLevel: Int
        /// Nanoseconds.
        package var timeout: Int64

        package init(
            name: String,
            port: Int,
            bulkMaximumEvents: Int,
            bulkMaximumBytes: Int,
            compressionLevel: Int = 1,
            timeout: Int64 = 90_000_000_000
        ) {
            self.name = name
            self.port = port
            self.bulkMaximumEvents = bulkMaximumEvents
            self.bulkMaximumBytes = bulkMaximumBytes
            self.compressionLevel = compressionLevel
            self.timeout = timeout
        }
    }

    /// Reads what an output has that goes to this machine: `name`, `bulk_max_size`, `bulk_max_bytes`, `timeout`,
    /// `backoff.init`, `backoff.max`, `flush.timeout` and `rate_limit`. Requests go one after the other, uncompressed.
    package init(local section: ConfigurationSection, name: String) {
        self.init(
            common: section,
            defaults: Defaults(
                name: name,
                port: 0,
                bulkMaximumEvents: 5000,
                bulkMaximumBytes: 4_000_000,
                compressionLevel: 0
            )
        )
        addresses = [""]
        pace.workers = 1
        pace.keepsOrder = true
    }

    /// Reads what every output has; addresses, compression and hosts are left to the output.
    init(common section: ConfigurationSection, defaults: Defaults) {
        name = section.string("name", default: defaults.name)
        when = section.node("when").flatMap { $0.isNull ? nil : $0 }
        // Once to see what is wrong; each worker makes its own.
        if let when { _ = ConditionTable.condition(when, problems: section.problems) }
        isRequired = section.boolean("required", default: true)
        startsAtBeginning = section.choice("from", default: OutputStart.now) == .beginning
        compressionLevel = defaults.compressionLevel
        bulkMaximumEvents = section.integer("bulk_max_size", default: defaults.bulkMaximumEvents, in: 1...1_000_000)
        bulkMaximumBytes = section.bytes("bulk_max_bytes", default: defaults.bulkMaximumBytes, in: 1024...(1 << 30))
        pace = PaceOptions(section)
        timeout = section.duration("timeout", default: defaults.timeout, in: 1_000_000...Int64.max)
        backoffInitial = section.duration("backoff.init", default: 1_000_000_000, in: 1_000_000...Int64.max)
        backoffMaximum = section.duration("backoff.max", default: 60_000_000_000, in: 1_000_000...Int64.max)
        flushTimeout = section.duration("flush.timeout", default: 200_000_000, in: 0...3_600_000_000_000)
        addresses = []
    }

    /// Reads what an HTTP output has: the same and `url` or `hosts`, `headers`, `username` and `password`, `api_key`,
    /// `bearer_token`, `ssl`, `proxy_url` and `proxy_disable`, `compression_level`, and what ``PaceOptions`` has for
    /// hosts. Reports problems; nil if there is no address.
    package init?(_ section: ConfigurationSection, defaults: Defaults) {
        self.init(common: section, defaults: defaults)
        compressionLevel = section.integer("compression_level", default: defaults.compressionLevel, in: 0...9)
        readCompression(section)
        readAuthentication(section)
        readHeaders(section)
        tls = TLSOptions(of: section)
        proxy = ProxyOptions(section)

        // Where certificates are spoken of, an address without a scheme is not to go in plain text.
        let isTLSMeant = tls.map { $0.isEnabled != false } ?? false
        let scheme = isTLSMeant ? "https" : "http"
        let written = section.strings("hosts") + (section.optionalString("url").map { [$0] } ?? [])
        for text in written {
            if let address = OutputAddress.normalise(text, defaultPort: defaults.port, defaultScheme: scheme) {
                addresses.append(address)
            } else if let node = section.node("url") ?? section.node("hosts") {
                // An address may hold a password.
                section.report(
                    node,
                    text.contains("@")
                        ? "an address takes no name or password: 'username' and 'password' do"
                        : "\(node.inWords) is not an address such as http://127.0.0.1:\(defaults.port)"
                )
            }
        }
        pace.readHosts(section, hosts: written.count)
        if written.isEmpty {
            section.reportMissing("url", expected: "an address such as http://127.0.0.1:\(defaults.port)")
        }
        if isTLSMeant, !addresses.isEmpty, addresses.allSatisfy({ $0.hasPrefix("http:") }),
            let node = section.node("ssl")
        {
            section.report(
                node,
                "'ssl' is for addresses with https, and there is none",
                suggestion: "write https://, or take it out"
            )
        }
        if addresses.isEmpty { return nil }
    }

    /// `compression: {engine, level}`, in place of `compression_level`.
    private mutating func readCompression(_ section: ConfigurationSection) {
        guard let node = section.node("compression"), !node.isNull, let inner = section.section("compression") else {
            return
        }
        let engine = inner.choice("engine", default: GzipEngine.auto)
        compression = .gzip(engine)
        guard let level = inner.optionalInteger("level", in: 0...9) else { return }
        if section.node("compression_level").map({ !$0.isNull }) == true {
            section.report(node, "the level is given twice: leave out 'compression_level' or 'compression.level'")
        }
        if engine == .igzip, level > GzipEngine.igzipLevels.upperBound, let node = inner.node("level") {
            inner.report(node, "igzip has levels 1 to 3: use one of them, or another engine for \(node.path)")
        }
        compressionLevel = level
    }

    private mutating func readAuthentication(_ section: ConfigurationSection) {
        let user = section.optionalString("username")
        let password = section.optionalString("password")
        let apiKey = section.optionalString("api_key")
        let token = section.optionalString("bearer_token")
        let ways = [user, apiKey, token].compactMap { $0 }.count
        if ways > 1 {
            section.report(section.node, "only one of 'username', 'api_key' and 'bearer_token' can be used")
        }
        if let user {
            let credentials = Base64Text.encode(Array("\(user):\(password ?? "")".utf8))
            headers.append(HeaderField(name: "Authorization", value: "Basic \(credentials)"))
        } else if let apiKey {
            let credentials = apiKey.contains(":") ? Base64Text.encode(Array(apiKey.utf8)) : apiKey
            headers.append(HeaderField(name: "Authorization", value: "ApiKey \(credentials)"))
        } else if let token {
            headers.append(HeaderField(name: "Authorization", value: "Bearer \(token)"))
        }
    }

    private mutating func readHeaders(_ section: ConfigurationSection) {
        guard let node = section.node("headers"), !node.isNull else { return }
        guard let entries = node.entries else {
            section.reportWrongType(node, expected: "header names with their values")
            return
        }
        for entry in entries {
            let isName = entry.key.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: ":")
            }
            guard let value = entry.value.text, isName, !entry.key.isEmpty,
                !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 })
            else {
                section.report(entry.value, "'\(entry.key)' is not a header with a text")
                continue
            }
            headers.append(HeaderField(name: entry.key, value: value))
        }
    }
}
