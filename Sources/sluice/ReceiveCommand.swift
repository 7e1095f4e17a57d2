// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Logging
import ServiceLifecycle
import SluiceAgent
import SluiceConfiguration
import SluiceReceiver
import UnixSignals

/// `sluice receive`
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Runs the embedded backend: Loki's and Elasticsearch's APIs over one SQLite file.",
        discussion: """
            Point a pipeline at it, Grafana's Loki data source, logcli, or curl. What it has answered for survives a \
            kill at any instant. It is meant for one machine: whoever outgrows it points the same pipeline at a Loki \
            or Elasticsearch cluster.
            """
    )

    @Option(help: "Where Loki's API listens, or 'off'.")
    var loki: String = "127.0.0.1:3100"

    @Option(help: "Where Elasticsearch's API listens, or 'off'.")
    var elasticsearch: String = "127.0.0.1:9200"

    @Option(help: "The directory of its database.", completion: .directory)
    var data: String = "sluice-data"

    @Option(help: "Forget events older than this many hours; 0 keeps them.")
    var retentionHours: Int = 0

    @Option(help: "Forget the oldest events above this many MiB; 0 keeps them.")
    var retentionMegabytes: Int = 0

    @Flag(help: "Drop only those repeats that a Loki would drop in its head block, not every exact repeat.")
    var headBlockDeduplication = false

    @Flag(help: "Take lines of any age, where a Loki refuses those older than a week or an hour behind their stream.")
    var acceptOld = false

    @Option(
        help: ArgumentHelp(
            "Something that goes wrong with what is written to it, to see what a pipeline does; may be given more than "
                + "once.",
            discussion: """
                status=N answers an HTTP status, item=N refuses single events with one (of a push to Loki whole streams, \
                with 429, or with 204 those that are not the last), delay=TIME holds the answer back, slow=BYTES reads so \
                many bytes a second, reset ends the connection in the middle of the body, half in the middle of the \
                answer, content=TEXT answers 200 with something else. Behind it, with commas: rate=0.3 (how probable it \
                is), after=10s and for=5s (since the start), first=3 (so many times), api=loki or api=elasticsearch; for \
                a status retry-after=2, and stored if the events are taken all the same. \
                Example: --fault status=429,rate=0.3,retry-after=2
                """,
            valueName: "rule"
        )
    )
    var fault: [String] = []

    @Option(help: "The seed of what --fault decides by probability.")
    var faultSeed: UInt64 = 1

    @Option(help: "Speak TLS, with the certificates in this PEM file: its own first.", completion: .file())
    var tlsCertificate: String?

    @Option(help: "The private key of --tls-certificate, in PEM without a passphrase.", completion: .file())
    var tlsKey: String?

    @Option(
        name: .customLong("tls-client-ca"),
        help: "Ask clients for a certificate that an authority in this PEM file has signed.",
        completion: .file()
    )
    var tlsClientCA: String?

    @Option(
        help: ArgumentHelp(
            "What requests have to bring, as bearer token, API key or password; everybody on the machine can see it here.",
            discussion: """
                --token-file and the environment variable SLUICE_RECEIVE_TOKEN keep it to yourself.
                """
        )
    )
    var token: String?

    @Option(help: "A file with the token.", completion: .file())
    var tokenFile: String?

    @Option(help: "The least severe level of its own log.")
    var logLevel: AgentLog.Level = .info

    @OptionGroup var parent: ParentWatch

    func validate() throws {
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
        if tlsClientCA != nil, tlsCertificate == nil {
            throw ValidationError("--tls-client-ca goes with --tls-certificate and --tls-key")
        }
        if token != nil, tokenFile != nil { throw ValidationError("give --token or --token-file, and not both") }
        guard (0...1_000_000).contains(retentionHours) else {
            throw ValidationError("--retention-hours takes a whole number from 0 to 1000000, and not \(retentionHours)")
        }
        guard (0...1_000_000_000).contains(retentionMegabytes) else {
            throw ValidationError(
                "--retention-megabytes takes a whole number from 0 to 1000000000, and not \(retentionMegabytes)"
            )
        }
    }

    func run() async throws {
        var configuration = Receiver.Configuration(dataDirectory: data)
        configuration.lokiAddress = try address(loki, "--loki")
        configuration.elasticsearchAddress = try address(elasticsearch, "--elasticsearch")
        configuration.retentionSeconds = retentionHours > 0 ? retentionHours * 3600 : nil
        configuration.retentionBytes = retentionMegabytes > 0 ? retentionMegabytes << 20 : nil
        configuration.deduplication = headBlockDeduplication ? .headBlock : .everything
        configuration.faults = try fault.map { text in
            do throws(FaultRule.Invalid) {
                return try FaultRule(text)
            } catch {
                throw ValidationError("--fault \(text): \(error)")
            }
        }
        configuration.faultSeed = faultSeed
        if acceptOld {
            configuration.loki.maximumAgeSeconds = nil
            configuration.loki.maximumLagSeconds = nil
        }
        AgentLog.start(logLevel)
        parent.start()
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let logger = Logger(label: "sluice.receive")
        if !fault.isEmpty {
            logger.warning(
                "faults were asked for: writes fail on purpose",
                metadata: ["faults": .array(fault.map { "\($0)" }), "seed": "\(faultSeed)"]
            )
        }
        do {
            configuration.token = try accessToken()
            if let tlsCertificate, let tlsKey {
                configuration.tls = try ListenerTLS(
                    certificate: tlsCertificate,
                    key: tlsKey,
                    clientAuthority: tlsClientCA,
                    logger: logger
                )
            }
            let receiver = try Receiver(configuration: configuration, logger: logger)
            var quiet = logger
            quiet.logLevel = .warning
            let group = ServiceGroup(
                services: [receiver],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet
            )
            try await group.run()
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.inputOutput
        }
    }

    private func accessToken() throws -> AccessToken? {
        if let token {
            guard let read = AccessToken(token) else {
                throw SecretFailure("--token is empty: give it a long random text")
            }
            return read
        }
        if let tokenFile {
            guard let read = AccessToken(try SecretFile.text(tokenFile)) else {
                throw SecretFailure("'\(tokenFile)' is empty: put a long random text into it")
            }
            return read
        }
        guard let text = ProcessEnvironment.variables["SLUICE_RECEIVE_TOKEN"] else { return nil }
        guard let read = AccessToken(text) else {
            throw SecretFailure("SLUICE_RECEIVE_TOKEN is empty: give it a long random text, or unset it")
        }
        return read
    }

    private func address(_ text: String, _ option: String) throws -> Receiver.Address? {
        if text == "off" { return nil }
        guard let address = ListenAddress(text) else {
            throw ValidationError("\(option) takes an address such as 127.0.0.1:3100, or 'off', and not '\(text)'")
        }
        return Receiver.Address(host: address.host, port: address.port)
    }
}
