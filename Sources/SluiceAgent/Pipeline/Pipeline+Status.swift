// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceEvents

/// What is told of a pipeline to whoever asks.
extension Pipeline {
    /// An input's thread gets to an answer after at most a batch; longer, and the file system keeps it.
    private static let patience: Int64 = 5_000_000_000

    /// How it stands now.
    ///
    /// - Parameter limit: how many files, the most lagging first; nil for all.
    package func report(limit: Int?) async -> PipelineReport {
        var report = PipelineReport(name: configuration.name, isRunning: true, moment: SystemClock.now())
        report.process = getpid()
        report.started = started
        let (inputs, files) = await inputReports()
        report.inputs = inputs
        let gone = goneReports(besides: files)
        let all = files + gone
        report.queues = queueReports
        report.outputs = outputReports(all, report.queues)
        report.moment = SystemClock.now()
        report.take(all, limit: limit)
        return report
    }

    /// Its inputs and their files; what is asked of one thread is asked of all at once.
    package func inputReports() async -> (inputs: [InputReport], files: [FileReport]) {
        let answers = await fileReports(nanoseconds: Self.patience)
        var reports: [InputReport] = []
        var files: [FileReport] = []
        for (counters, answer) in zip(inputCounters, answers) {
            var report = InputReport(name: counters.name)
            report.isAnswering = answer != nil
            report.events = counters.events.load(ordering: .relaxed)
            report.bytes = counters.bytes.load(ordering: .relaxed)
            report.dropped = counters.dropped.load(ordering: .relaxed)
            report.parseFailures = counters.parseFailures.load(ordering: .relaxed)
            report.truncations = counters.truncations.load(ordering: .relaxed)
            report.rotations = counters.rotations.load(ordering: .relaxed)
            var own = answer ?? []
            for number in own.indices {
                if own[number].doubt == nil, let generation = own[number].generation {
                    own[number].doubt = repeats[generation]
                }
            }
            report.count(own)
            reports.append(report)
            files += own
        }
        return (reports, files)
    }

    /// Files that are gone before every output had what was read of them.
    private func goneReports(besides files: [FileReport]) -> [FileReport] {
        let there = Set(files.compactMap(\.generation))
        let names = configuration.outputs.map(\.options.name)
        return generations.compactMap { generation in
            there.contains(generation.identifier) ? nil : FileReport(gone: generation, outputs: names)
        }
    }

    private func outputReports(_ files: [FileReport], _ queues: [QueueReport]) -> [OutputReport] {
        let letters = StateReader.deadLetters(in: stateDirectory)
        return outputCounters.enumerated().map { number, counters in
            var report = OutputReport(name: counters.name)
            report.inFlight = max(0, counters.inFlight.load(ordering: .relaxed))
            report.queued = max(0, outstandingBatches(number) - report.inFlight)
            report.delivered = counters.delivered.load(ordering: .relaxed)
            report.duplicates = counters.duplicates.load(ordering: .relaxed)
            report.retries = counters.retries.load(ordering: .relaxed)
            report.take(letters[counters.name])
            report.limits = counters.limits.compactMap { counter in
                var limit = LimitReport(name: counter.name)
                limit.truncated = counter.truncated.load(ordering: .relaxed)
                limit.dropped = counter.dropped.load(ordering: .relaxed)
                limit.deadLetters = counter.deadLetters.load(ordering: .relaxed)
                return limit == LimitReport(name: counter.name) ? nil : limit
            }
            report.failingSince = counters.failure?.since
            report.failure = counters.failure?.reason
            let last = counters.lastDelivered.load(ordering: .relaxed)
            report.lastDelivered = last > 0 ? last : nil
            report.hosts = counters.hosts.filter { !$0.name.isEmpty }.map(HostReport.init)
            report.count(files, queues)
            return report
        }
    }
}
