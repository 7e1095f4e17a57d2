// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SluiceBytes
import SluiceReceiver

/// Asks questions over HTTP.
struct BackendClient {
    private static let maximumAnswer = 256 << 20

    /// The JSON that comes back.
    static func ask(_ question: BackendQuestion) async throws -> JSONValue {
        let answer = try await send(question)
        do {
            return try answer.withByteView { view throws(JSONError) in try JSONValue.parse(view) }
        } catch {
            throw DemoFailure("the answer of \(question.url) is not JSON: \(error)")
        }
    }

    /// The text that comes back.
    static func text(_ question: BackendQuestion) async throws -> String {
        String(decoding: try await send(question), as: UTF8.self)
    }

    private static func send(_ question: BackendQuestion) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: question.address)
        if let body = question.body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(Array(body.utf8))
        }
        let status: UInt
        let bytes: [UInt8]
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            status = response.status.code
            bytes = Array(try await response.body.collect(upTo: maximumAnswer).readableBytesView)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw DemoFailure("\(question.url) gave no answer: \(error)")
        }
        guard status == 200 else {
            throw DemoFailure(
                "\(question.url) answered \(status): \(String(decoding: bytes.prefix(500), as: UTF8.self))"
            )
        }
        return bytes
    }
}
