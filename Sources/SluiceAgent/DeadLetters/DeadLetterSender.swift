// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SluiceBytes
import SluiceEvents

/// Sends dead letters to one output, request by request.
struct DeadLetterSender {
    /// What became of the letters of one request; those that are in neither list have to be sent again.
    struct Outcome {
        var delivered: [Int32] = []
        var refused: [(event: Int32, status: Int, reason: String)] = []
    }

    /// Why an output takes nothing now.
    struct Unavailable: Error {
        var reason: String
    }

    let output: any Output
    let transport: any Transport
    /// Monotonic nanoseconds: nothing is tried again afterwards.
    let deadline: Int64

    /// Sends some events of a batch.
    ///
    /// - Parameter settle: is told of each answer, before anything else is sent.
    /// - Throws: ``Unavailable`` if the output does not take them in time, or not without a person; what `settle` throws.
    func send(_ events: [Int32], of batch: EventBatch, settle: (Outcome) throws -> Void) async throws {
        var pending = Array(encode(events, of: batch).reversed())
        var backoff = Backoff(initial: output.options.backoffInitial, maximum: output.options.backoffMaximum)
        var address = 0
        while let request = pending.popLast() {
            switch try await ask(request, &address) {
            case .delivered:
                try settle(Outcome(delivered: request.events))
                backoff.reset()
            case .each(let verdicts, let reason):
                var outcome = Outcome()
                var left: [Int32] = []
                for (event, verdict) in zip(request.events, verdicts) {
                    switch verdict {
                    case .delivered, .duplicate, .redirected: outcome.delivered.append(event)
                    case .refused(let status, let reason): outcome.refused.append((event, status, reason))
                    case .retry, .held: left.append(event)
                    }
                }
                try settle(outcome)
                if left.isEmpty {
                    backoff.reset()
                } else {
                    try await pause(&backoff, atLeast: nil, reason)
                    pending += encode(left, of: batch).reversed()
                }
            case .again(let reason, let after):
                try await pause(&backoff, atLeast: after, reason)
                pending.append(request)
            case .hold(let status, let reason): throw Unavailable(reason: "it answers \(status): \(reason)")
            case .smaller(let status, let reason):
                guard request.events.count > 1 else {
                    try settle(Outcome(refused: request.events.map { ($0, status, reason) }))
                    continue
                }
                let middle = request.events.count / 2
                pending += encode(Array(request.events[middle...]), of: batch).reversed()
                pending += encode(Array(request.events[..<middle]), of: batch).reversed()
            }
        }
    }

    private func ask(_ request: OutputRequest, _ address: inout Int) async throws -> Verdict {
        let addresses = output.options.addresses
        do {
            let response = try await transport.send(
                request,
                options: output.options,
                address: addresses[address % addresses.count]
            )
            return unsafe response.body.withUnsafeReadableBytes { bytes in
                var body = ByteView.empty
                if let base = bytes.baseAddress {
                    unsafe body = ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
                }
                return output.judge(
                    OutputResponse(status: response.status, retryAfter: response.retryAfter, body: body),
                    request: request
                )
            }
        } catch let error as TransportError {
            address += 1
            return .again(reason: error.description, after: nil)
        }
    }

    private func pause(_ backoff: inout Backoff, atLeast: Int?, _ reason: String) async throws {
        var generator = SystemRandomNumberGenerator()
        var nanoseconds = backoff.next(using: &generator)
        if let atLeast { nanoseconds = max(nanoseconds, Int64(clamping: min(atLeast, 3600)) * 1_000_000_000) }
        guard SystemClock.monotonic() + nanoseconds < deadline else { throw Unavailable(reason: reason) }
        try await Task.sleep(for: .nanoseconds(nanoseconds))
    }

    private func encode(_ events: [Int32], of batch: EventBatch) -> [OutputRequest] {
        // Without compression nothing can fail: no event may be left out because zlib found no memory.
        let options = output.options
        let compressed = try? RequestBuilder(
            compressionLevel: options.compressionLevel,
            compression: options.compression
        )
        guard let builder = compressed ?? (try? RequestBuilder(compressionLevel: 0)) else { return [] }
        var mask = EventMask(count: batch.events.count, isSet: false)
        for event in events { mask[Int(event)] = true }
        output.makeEncoder().encode(batch, selected: mask, into: builder)
        return builder.takeRequests()
    }
}
