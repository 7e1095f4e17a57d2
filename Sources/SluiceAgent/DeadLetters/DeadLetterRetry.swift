// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOPosix
import SluiceEvents

/// Sends dead letters again, to the output that refused them, through the pipeline as it is configured now.
///
/// A letter is taken away only once its output has said yes; a crash in between sends it again, with the id that it had.
/// One that is refused again stays, with the new reason, and so does one that no input or output of the pipeline is for
/// any more, or that a processor drops now.
package struct DeadLetterRetry {
    /// What became of the letters.
    package struct Result: Sendable {
        package var delivered = 0
        package var refused = 0
        /// Those that were not sent, or not taken now.
        package var left = 0
        /// Those that were not there any more: an agent that drops the oldest was faster.
        package var gone = 0
        /// Whether an output did not take letters in the time there was.
        package var isUnavailable = false
        /// Why letters were left, in words.
        package var notes: [String] = []

        fileprivate var settled: Int { delivered + refused + left + gone }

        package init() {}

        package mutating func add(_ other: Result) {
            delivered += other.delivered
            refused += other.refused
            left += other.left
            gone += other.gone
            isUnavailable = isUnavailable || other.isUnavailable
            notes += other.notes
        }

        mutating func leave(_ count: Int, _ note: String) {
            guard count > 0 else { return }
            left += count
            notes.append("\(count) of the letters stay: \(note)")
        }
    }

    /// Letters are read, processed and sent so many at a time, and so many bytes of text.
    private static let eventLimit = 1000
    private static let byteLimit: Int64 = 512 << 10

    private let configuration: PipelineConfiguration
    private let box: DeadLetterBox
    private let deadline: Int64
    private let logger: Logger
    private let stages: [EventPipeline]

    /// - Parameter timeout: nanoseconds after which nothing is tried again.
    package init(_ configuration: PipelineConfiguration, box: DeadLetterBox, timeout: Int64, logger: Logger) {
        self.configuration = configuration
        self.box = box
        self.logger = logger
        deadline = SystemClock.monotonic() + timeout
        stages = Pipeline.stages(configuration)
    }

    /// Sends letters, the oldest first.
    ///
    /// - Parameter letters: without their texts.
    /// - Throws: if the state cannot be read or written, or an output can never work.
    package func run(_ letters: [KeptDeadLetter]) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let http = HTTPTransport(group: group, logger: logger)
        var result = Result()
        var failure: (any Error)?
        do {
            for (name, own) in Dictionary(grouping: letters, by: \.letter.output).sorted(by: { $0.key < $1.key }) {
                guard let output = configuration.outputs.first(where: { $0.options.name == name }) else {
                    result.leave(own.count, "the pipeline has no output '\(name)'")
                    continue
                }
                let transport = try output.makeTransport(logger: logger)
                let sender = DeadLetterSender(output: output, transport: transport ?? http, deadline: deadline)
                do {
                    try await send(own.sorted { $0.number < $1.number }, sender, &result)
                } catch {
                    failure = error
                }
                await transport?.shutdown()
                if failure != nil { break }
            }
        } catch {
            failure = error
        }
        await http.shutdown()
        try? await group.shutdownGracefully()
        if let failure { throw failure }
        return result
    }

    /// Those of one output.
    private func send(_ letters: [KeptDeadLetter], _ sender: DeadLetterSender, _ result: inout Result) async throws {
        let byInput = Dictionary(grouping: letters) { kept in
            DeadLetterSource.input(of: kept.letter, in: configuration.inputs) ?? -1
        }
        for (input, own) in byInput.sorted(by: { $0.key < $1.key }) {
            guard configuration.inputs.indices.contains(input), stages.indices.contains(input) else {
                let path = own.first?.letter.path ?? ""
                result.leave(own.count, "no input of the pipeline reads '\(path)'")
                continue
            }
            var rest = own[...]
            while !rest.isEmpty {
                let chunk = Self.chunk(&rest)
                let settled = result.settled
                do {
                    try await send(chunk, input, sender, &result)
                } catch let error as DeadLetterSender.Unavailable {
                    let done = result.settled - settled
                    let note = "output '\(sender.output.options.name)' does not take them: \(error.reason)"
                    result.leave(chunk.count - done + rest.count, note)
                    result.isUnavailable = true
                    return
                }
            }
        }
    }

    private static func chunk(_ rest: inout ArraySlice<KeptDeadLetter>) -> [KeptDeadLetter] {
        var chunk: [KeptDeadLetter] = []
        var bytes: Int64 = 0
        while let next = rest.first {
            guard chunk.isEmpty || (chunk.count < eventLimit && bytes + next.byteCount <= byteLimit) else { break }
            chunk.append(next)
            bytes += next.byteCount
            rest = rest.dropFirst()
        }
        return chunk
    }

    /// A batch of them.
    private func send(
        _ chunk: [KeptDeadLetter],
        _ input: Int,
        _ sender: DeadLetterSender,
        _ result: inout Result
    ) async throws {
        var events = DeadLetterBatch()
        var unreadable = 0
        for listed in chunk {
            guard let kept = try box.letter(listed.number), kept.letter.identifier == listed.letter.identifier else {
                result.gone += 1
                continue
            }
            if !events.add(kept, configuration.inputs[input].options) { unreadable += 1 }
        }
        result.leave(unreadable, "their ids are none of an event")
        let batch = events.batch
        _ = stages[input].run(batch)
        let wanted = (0..<batch.events.count).filter { !batch.events[$0].isDropped }
        result.leave(batch.events.count - wanted.count, "a processor drops them now; 'sluice deadletters drop' does")
        var (delivered, refused) = (0, 0)
        defer {
            result.delivered += delivered
            result.refused += refused
        }
        try await sender.send(wanted.map { Int32($0) }, of: batch) { outcome in
            let arrived = outcome.delivered.map { events.letters[Int($0)] }
            let again = outcome.refused.map { event, status, reason in
                var kept = events.letters[Int(event)]
                kept.letter.status = status
                kept.letter.reason = String(reason.prefix(1000))
                return kept
            }
            try box.settle(delivered: arrived, refused: again, now: SystemClock.now())
            delivered += arrived.count
            refused += again.count
        }
        result.leave(wanted.count - delivered - refused, "the output has no use for them")
    }
}
