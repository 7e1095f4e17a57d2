// SPDX-License-Identifier: Apache-2.0

extension Receiver {
    /// Where to listen.
    package struct Address: Sendable, Equatable, CustomStringConvertible {
        package var host: String
        /// 0 asks the system for a free one.
        package var port: Int

        package init(host: String = "127.0.0.1", port: Int) {
            self.host = host
            self.port = port
        }

        package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Which repeated Loki entries (same stream, nanosecond, line and structured metadata) are dropped.
    package enum Deduplication: Sendable {
        /// Any exact repeat of what is stored.
        case everything
        /// Repeats of the stream's last line and of what its open head block (256 KiB) holds: no more than a real
        /// Loki's ingester drops at the least.
        case headBlock
    }

    package struct Configuration: Sendable {
        /// Nil turns the API off.
        package var lokiAddress: Address? = Address(port: 3100)
        package var elasticsearchAddress: Address? = Address(port: 9200)
        /// Made if it is not there. The database is `receiver.db` in it.
        package var dataDirectory: String
        /// Older ones are deleted: Loki's entries by their own time, Elasticsearch's documents by their arrival.
        package var retentionSeconds: Int?
        /// When the database holds more, what arrived first is deleted.
        package var retentionBytes: Int?
        /// How often retention looks.
        package var retentionInterval = 60
        package var deduplication = Deduplication.everything
        package var loki = LokiLimits()
        /// Elasticsearch's `http.max_content_length`, which counts the body both as it comes and decompressed.
        package var elasticsearchMaximumBodyBytes = 100 << 20
        /// Bodies under way at once, over all connections; beyond it requests are answered 429.
        package var maximumInFlightBytes = 256 << 20
        /// What goes wrong on demand.
        package var faults: [FaultRule] = []
        /// Of what of that is decided by probability.
        package var faultSeed: UInt64 = 1
        /// Nil: plain text.
        package var tls: ListenerTLS?
        /// What requests have to bring; nil if they need nothing.
        package var token: AccessToken?
        /// The time, in nanoseconds since 1970.
        package var now: @Sendable () -> Int64 = { SystemClock.nanoseconds }

        package init(dataDirectory: String) { self.dataDirectory = dataDirectory }
    }
}
