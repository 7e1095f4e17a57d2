// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SluiceAgent
import SluiceBytes

/// Where a report comes from: an agent, or the state of one that does not run.
struct StatusSource {
    /// Of the answer, in bytes.
    private static let maximumAnswer = 1 << 30

    /// How many files; nil for all.
    var limit: Int?

    /// Why an agent gave no answer, in words.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Asks an agent at its address.
    func ask(_ address: ListenAddress) async throws -> [PipelineReport] {
        try await ask(url: "http://\(address)")
    }

    /// Asks the agent that runs a pipeline, or reads its state.
    func report(_ folder: StatePipelines.Folder) async throws -> [PipelineReport] {
        let socket = StatusSocket(directory: folder.directory)
        if socket.exists {
            let host = Self.escaped(socket.address)
            let reports = try? await ask(url: "http+unix://\(host)")
            withExtendedLifetime(socket) {}
            if let reports { return reports }
        }
        if StatePipelines.isHeld(folder.directory) {
            Terminal.complain(
                "the agent of pipeline '\(folder.name)' does not answer: this is what its state says; see its log for why"
            )
        } else {
            Terminal.complain(
                "no agent runs pipeline '\(folder.name)': this is what its state says; 'sluice run' starts one"
            )
        }
        return [try StoppedPipeline.report(folder, limit: limit)]
    }

    private func ask(url: String) async throws -> [PipelineReport] {
        let request = HTTPClientRequest(url: url + "/status?files=\(limit.map(String.init) ?? "all")")
        let status: UInt
        let bytes: [UInt8]
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            status = response.status.code
            bytes = Array(try await response.body.collect(upTo: Self.maximumAnswer).readableBytesView)
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw Failure(description: "it takes longer than a minute")
        } catch {
            throw Failure(description: "the connection fails")
        }
        guard status == 200 else {
            throw Failure(description: "the answer is \(status), so it is no agent of this version")
        }
        let content = bytes.withByteView { view in try? JSONContent.parse(view) }
        guard let reports = content.flatMap(PipelineReport.read) else {
            throw Failure(description: "the answer is none of an agent")
        }
        return reports
    }

    /// A path in the place of a URL's host.
    private static func escaped(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber {
                result.append(character)
            } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
