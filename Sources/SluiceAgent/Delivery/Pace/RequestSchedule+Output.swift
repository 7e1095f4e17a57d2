// SPDX-License-Identifier: Apache-2.0

extension RequestSchedule {
    /// The schedule of an output's requests, with hosts as ``OutputOptions/scheduledHosts`` has them.
    init(_ output: any Output) {
        let options = output.options
        let pace = options.pace
        let backoff = Backoff(initial: options.backoffInitial, maximum: options.backoffMaximum)
        var rules = HostHealth.Rules()
        if pace.isLeftToTransport, let requests = pace.workers {
            // One of its hosts may fail with several requests under way, while others work. It keeps an order for which it
            // needs all that were lost, and asks with one of them.
            rules.toleratedAnswers = requests - 1
            rules.toleratedSilences = requests - 1
            rules.probeLimit = requests
        }
        let host = HostHealth(
            concurrency: pace.workers.map { AdaptiveConcurrency(fixed: $0) }
                ?? AdaptiveConcurrency(maximum: pace.maximumConcurrency),
            backoff: backoff,
            rules: rules
        )
        self.init(
            hosts: HostSelection(options.scheduledHosts.map { _ in host }, balances: pace.balances),
            breaker: CircuitBreaker(backoff: backoff, probeLimit: rules.probeLimit),
            rate: RateLimit(bytes: pace.bytesPerSecond, events: pace.eventsPerSecond),
            backoff: backoff,
            keepsOrder: pace.keepsOrder
        )
    }
}

extension OutputOptions {
    /// The hosts that requests are shared among; one without a name if that is not decided here.
    var scheduledHosts: [String] { pace.isLeftToTransport || addresses.isEmpty ? [""] : addresses }
}
