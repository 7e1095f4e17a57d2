// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore
import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension HTTPListener {
    /// How much of a body that was refused is read on, so that its sender, busy sending, gets to see the answer.
    private static let patience = 16 << 20

    /// Reads a request and answers it, or has it go wrong as a fault says.
    func respond(to request: Request, _ channel: any Channel) async throws -> HTTPAnswer {
        let target = request.head.path ?? "/"
        let text = Array(target.utf8)
        let question = text.firstIndex(of: UInt8(ascii: "?"))
        let path = text[..<(question ?? text.endIndex)].split(separator: UInt8(ascii: "/")).map {
            QueryParameters.decode($0, plusIsSpace: false)
        }
        let method = request.method.rawValue
        let isAdmitted = token?.admits(request.headers[.authorization]) ?? true
        var decision = FaultPlan.Decision()
        if let faults, isAdmitted, api.isWrite(method: method, path: path) {
            decision = faults.decide(api.faultAPI, at: SystemClock.nanoseconds)
        }

        let limit = api.maximumBodyBytes
        let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        let body = ByteArena(capacity: min(max(declared, 0), limit, 8 << 20))
        var taken = 0
        var refusal: HTTPReply?
        defer { inFlight.giveBack(taken) }
        if !isAdmitted { refusal = api.replyToStranger() } else if declared > limit { refusal = api.replyToLargeBody() }
        var discarded = 0
        for try await part in request.body {
            let count = part.readableBytes
            if let bytesPerSecond = decision.bytesPerSecond {
                try await Task.sleep(for: .nanoseconds(Int64(count) * 1_000_000_000 / Int64(bytesPerSecond)))
            }
            if refusal == nil, body.count + count > limit { refusal = api.replyToLargeBody() }
            if refusal == nil {
                if inFlight.take(count) { taken += count } else { refusal = api.replyWhenOverloaded() }
            }
            if refusal != nil {
                discarded += count
                if let refusal, discarded > Self.patience { return HTTPAnswer(reply: refusal, isLast: true) }
                continue
            }
            body.append(part)
            if decision.ending?.fault == .reset, body.count >= declared / 2 { try await reset(channel) }
        }
        if let refusal {
            return HTTPAnswer(
                reply: refusal,
                fields: isAdmitted ? [] : [("WWW-Authenticate", "Basic realm=\"sluice\"")]
            )
        }
        let call = HTTPCall(
            method: method,
            path: path,
            query: question.map { QueryParameters(text[($0 + 1)...]) } ?? QueryParameters(),
            headers: request.headers,
            body: body,
            faultyItems: decision.items
        )
        let answer = try await answer(to: call, decision.ending, channel)
        if decision.delay > 0 { try await Task.sleep(for: .nanoseconds(decision.delay)) }
        return answer
    }

    private func answer(
        to call: HTTPCall,
        _ ending: FaultRule?,
        _ channel: any Channel
    ) async throws -> HTTPAnswer {
        guard let ending else { return HTTPAnswer(reply: await api.reply(to: call)) }
        switch ending.fault {
        case .status(let status):
            if ending.isStored { _ = await api.reply(to: call) }
            return HTTPAnswer(
                reply: api.reply(toFault: status),
                fields: ending.retryAfter.map { [("Retry-After", $0)] } ?? []
            )
        case .content(let text): return HTTPAnswer(reply: HTTPReply(status: 200, text: text))
        case .reset: try await reset(channel)
        case .halfReply:
            let reply = await api.reply(to: call)
            // What has no body ends before it has begun.
            if reply.body.readableBytes == 0 { try await reset(channel) }
            return HTTPAnswer(reply: reply, isLast: true, isHalf: true)
        case .items, .delay, .slow: break
        }
        return HTTPAnswer(reply: await api.reply(to: call))
    }

    /// Ends the connection as a machine does that has lost it.
    private func reset(_ channel: any Channel) async throws -> Never {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        channel.close(promise: nil)
        throw FaultInTheMiddle()
    }
}
