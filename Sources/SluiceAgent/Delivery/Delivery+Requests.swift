// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import SluiceBytes
import Synchronization

/// One request at a time, and what is said about those that fail.
extension Delivery {
    /// Sends a request when it may go, where it is to go, and judges the answer. What has to be sent again is asked for
    /// again at once: it waits here.
    ///
    /// - Throws: only `CancellationError`.
    func ask(_ request: OutputRequest, _ ticket: UInt64) async throws -> Verdict {
        let grant = try await scheduler.grant(
            ticket,
            batch: request.batch,
            bytes: request.plainBytes,
            events: request.events.count
        )
        counters.inFlight.add(1, ordering: .relaxed)
        defer { counters.inFlight.subtract(1, ordering: .relaxed) }
        let address = output.options.scheduledHosts[grant.host]
        do {
            let response = try await transport.send(request, options: output.options, address: address)
            counters.sentBytes.add(request.body.readableBytes, ordering: .relaxed)
            counters.plainBytes.add(request.plainBytes, ordering: .relaxed)
            let verdict = judge(response, request)
            let result = scheduler.finished(grant, RequestOutcome(verdict, status: response.status))
            conclude(result, verdict, address)
            return verdict
        } catch let error as TransportError {
            if Task.isCancelled {
                _ = scheduler.finished(grant, .abandoned)
                throw CancellationError()
            }
            let failure: HostFailure = error.isLate ? .late : .silent
            let result = scheduler.finished(grant, .failed(failure, patience: nil))
            let verdict = Verdict.again(reason: error.description, after: nil)
            conclude(result, verdict, address)
            return verdict
        } catch {
            _ = scheduler.finished(grant, .abandoned)
            throw CancellationError()
        }
    }

    private func judge(_ response: TransportResponse, _ request: OutputRequest) -> Verdict {
        unsafe response.body.withUnsafeReadableBytes { bytes in
            var body = ByteView.empty
            if let base = bytes.baseAddress {
                unsafe body = ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count)
            }
            return output.judge(
                OutputResponse(status: response.status, retryAfter: response.retryAfter, body: body),
                request: request
            )
        }
    }

    /// Says what a request's outcome means for its host and for the output.
    private func conclude(_ result: RequestScheduler.Result, _ verdict: Verdict, _ address: String) {
        if let change = result.change, scheduler.hosts.count > 1 { say(change, verdict.reason, address) }
        switch result.sequel {
        case .done: if held.load(ordering: .relaxed) == 0 { recover() }
        case .elsewhere: break
        case .later: complain(verdict.reason, status: verdict.heldStatus, host: address)
        }
    }

    private func say(_ change: RequestScheduler.Result.Change, _ reason: String, _ address: String) {
        switch change {
        case .isSetAside:
            logger.warning(
                "output sets a host aside: the others get its share, and it is asked from time to time",
                metadata: ["output": "\(counters.name)", "host": "\(address)", "reason": "\(reason)"]
            )
        case .worksAgain:
            logger.info("host works again", metadata: ["output": "\(counters.name)", "host": "\(address)"])
        }
    }

    /// Counts a pause, and says once why there are any.
    ///
    /// - Parameter status: of an answer that needs a person.
    func complain(_ reason: String, status: Int? = nil, host: String = "") {
        counters.retries.add(1, ordering: .relaxed)
        counters.fails(reason)
        let wasFailing = counters.isFailing.exchange(1, ordering: .relaxed) == 1
        // Also where it failed before: what was worth a try then is a person's business now.
        let isNews = status == nil ? !wasFailing : !isHeld.exchange(true, ordering: .relaxed)
        guard isNews else { return }
        var metadata: Logger.Metadata = ["output": "\(counters.name)", "reason": "\(reason)"]
        if !host.isEmpty { metadata["host"] = "\(host)" }
        if let status {
            metadata["status"] = "\(status)"
            logger.error(
                "output holds: what it answers needs a person; trying again until then",
                metadata: metadata
            )
        } else {
            logger.warning("output fails: trying again", metadata: metadata)
        }
    }

    /// Says once that the output works, if it did not.
    func recover() {
        isHeld.store(false, ordering: .relaxed)
        guard counters.isFailing.exchange(0, ordering: .relaxed) == 1 else { return }
        counters.works()
        logger.info("output works again", metadata: ["output": "\(counters.name)"])
    }
}

extension Verdict {
    /// Why not all was taken; empty if it was.
    fileprivate var reason: String {
        switch self {
        case .delivered: ""
        case .each(_, let reason), .again(let reason, _), .smaller(_, let reason), .hold(_, let reason): reason
        }
    }
}

extension Verdict {
    /// The status that needs a person, if one does.
    fileprivate var heldStatus: Int? {
        switch self {
        case .hold(let status, _): status
        case .each(let verdicts, _): EventVerdict.heldStatus(verdicts)
        default: nil
        }
    }
}

extension RequestOutcome {
    /// - Parameter status: of the answer.
    fileprivate init(_ verdict: Verdict, status: Int) {
        let failure: HostFailure = status == 429 || status == 503 ? .loaded : .failing
        switch verdict {
        case .delivered, .smaller: self = .taken
        case .each(let verdicts, _):
            let left = verdicts.count { $0.isLeft }
            if left == 0 {
                self = .taken
            } else if left == verdicts.count {
                self = .failed(EventVerdict.heldStatus(verdicts) == nil ? .loaded : .failing, patience: nil)
            } else {
                self = .partly
            }
        case .again(_, let after):
            // An hour is the longest that anybody is listened to.
            let patience = after.map { Int64(min(max(0, $0), 3600)) * 1_000_000_000 }
            self = .failed(failure, patience: patience)
        case .hold: self = .failed(.failing, patience: nil)
        }
    }
}
