// SPDX-License-Identifier: Apache-2.0

/// What stands before the destinations: all weather of theirs is made here.
struct Doors: Sendable {
    let loki: FaultyProxy
    /// Three ways to one Elasticsearch: an event that came by one host and again by another is found there once.
    let hosts: [FaultyProxy]
    let logstash: LumberjackServer
    /// Nil where none could be made: Loki is spoken to in plain text.
    let certificates: ServerCertificates?

    init(_ plan: Plan, _ receiver: ReceiverProcess, folder: String, findings: Findings, stop: StopFlag) throws {
        do {
            certificates = try ServerCertificates(folder: folder)
        } catch {
            certificates = nil
            findings.remark("Loki is spoken to without TLS: \(error)")
        }
        loki = try FaultyProxy(
            upstreamPort: receiver.lokiPort,
            seed: plan.seed &+ 1,
            stop: stop,
            hitsOfTen: 10,
            securing: certificates?.good.first
        )
        hosts = try (0..<WeatherPipeline.hosts).map { number in
            try FaultyProxy(
                upstreamPort: receiver.elasticsearchPort,
                seed: plan.seed &+ 2 &+ UInt64(number),
                stop: stop,
                hitsOfTen: 10
            )
        }
        logstash = try LumberjackServer(plan: plan, findings: findings, stop: stop)
    }

    /// Lets the weather be what the fronts say that are there; where there are several, the last one counts.
    func apply(_ fronts: [Front]) {
        func weather(_ applies: (Target) -> Bool) -> Weather {
            fronts.last { applies($0.target) && $0.weather != nil }?.weather ?? .fair
        }
        loki.weather = weather { $0 == .loki }
        for (number, host) in hosts.enumerated() {
            host.weather = weather { $0 == .elasticsearch || $0 == .host(number) }
        }
        logstash.weather = weather { $0 == .logstash }
    }
}
