// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
import NIOCore
import NIOPosix

/// All pipelines of a process, and what they share: the HTTP client and the telemetry listener.
package final class Agent: Sendable {
    package let pipelines: [Pipeline]
    private let transport: HTTPTransport
    private let group: MultiThreadedEventLoopGroup
    private let listen: ListenAddress?
    private let logger: Logger

    package enum Outcome: Sendable {
        case finished
        /// Ended in time, with something left for the next start.
        case unfinished(String)
        case failed(String)
    }

    /// - Parameters:
    ///   - stateDirectory: gets a folder for each pipeline.
    ///   - isOnce: reads every file to the size it has now, and ends.
    ///   - listen: where telemetry is served, if anywhere.
    package init(
        _ configurations: [PipelineConfiguration],
        stateDirectory: String,
        isOnce: Bool,
        listen: ListenAddress?,
        logger: Logger
    ) throws {
        self.listen = listen
        self.logger = logger
        // Event loops only send; the work is done elsewhere.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let transport = HTTPTransport(group: group, logger: logger)
        self.transport = transport
        var pipelines: [Pipeline] = []
        do {
            for configuration in configurations {
                pipelines += try Self.makeBranches(
                    configuration,
                    stateDirectory: stateDirectory,
                    transport: transport,
                    isOnce: isOnce,
                    logger: logger
                )
            }
        } catch {
            let group = group
            Task {
                await transport.shutdown()
                try? await group.shutdownGracefully()
            }
            throw error
        }
        self.pipelines = pipelines
    }

    /// A pipeline, and those of its outputs that are not required.
    private static func makeBranches(
        _ configuration: PipelineConfiguration,
        stateDirectory: String,
        transport: any Transport,
        isOnce: Bool,
        logger: Logger
    ) throws -> [Pipeline] {
        let trunk = "\(stateDirectory)/\(configuration.name)"
        var pipelines: [Pipeline] = []
        for part in configuration.branches(isApart: { BranchState.isThere("\(trunk)/\($0)") }) {
            let directory = "\(stateDirectory)/\(part.name)"
            if part.trunk != nil, let output = part.outputs.first?.options {
                try BranchState.prepare(directory, output, trunk: trunk)
                if output.isRequired {
                    logger.warning(
                        "an output that was not required has progress of its own, so nothing waits for it still",
                        metadata: ["output": "\(output.name)", "directory": "\(directory)"]
                    )
                }
            }
            pipelines.append(
                try Pipeline(
                    part,
                    stateDirectory: directory,
                    following: pipelines.first,
                    transport: transport,
                    isOnce: isOnce,
                    logger: logger
                )
            )
        }
        return pipelines
    }

    /// Asks all pipelines to end.
    package func stop() {
        for pipeline in pipelines { pipeline.stop() }
    }

    /// Runs until all pipelines have ended.
    ///
    /// - Parameter timeout: nanoseconds for runs with an end.
    package func run(timeout: Int64? = nil) async -> Outcome {
        // Whether they could serve is no part of how the agent ends, so that nobody waits for them.
        let statusServers = pipelines.map { pipeline in Task { await serveStatus(of: pipeline) } }
        defer {
            for server in statusServers { server.cancel() }
            for pipeline in pipelines { StatusSocket(directory: pipeline.stateDirectory).remove() }
        }
        let outcome = await withTaskGroup(of: (ofPipelines: Bool, outcome: Outcome?).self) { group in
            if let listen {
                let server = TelemetryServer(pipelines: pipelines, address: listen, logger: logger)
                group.addTask {
                    do {
                        try await server.run()
                        return (false, nil)
                    } catch is CancellationError {
                        return (false, nil)
                    } catch let error as IOError where error.errnoCode == EADDRINUSE {
                        return (
                            false,
                            .failed(
                                "cannot listen on \(listen): the port is in use; end the program that has it, or choose "
                                    + "another address with --listen"
                            )
                        )
                    } catch let error as IOError {
                        let reason = unsafe String(cString: strerror(error.errnoCode))
                        return (
                            false,
                            .failed("cannot listen on \(listen): \(reason); choose another address with --listen")
                        )
                    } catch is SocketAddressError.UnknownHost {
                        return (
                            false,
                            .failed(
                                "cannot listen on \(listen): no host of that name is known; choose another address with "
                                    + "--listen"
                            )
                        )
                    } catch {
                        return (
                            false,
                            .failed("cannot listen on \(listen) (\(error)); choose another address with --listen")
                        )
                    }
                }
            }
            group.addTask { (true, await self.runPipelines(timeout: timeout)) }
            var outcome: Outcome = .finished
            for await (ofPipelines, ended) in group {
                guard let ended else { continue }
                outcome = ended
                if case .failed = ended, !ofPipelines {
                    // The pipelines still have to end, in order.
                    stop()
                    _ = await group.next()
                }
                break
            }
            group.cancelAll()
            return outcome
        }
        await transport.shutdown()
        try? await group.shutdownGracefully()
        return outcome
    }

    /// Serves `sluice status` until the task is cancelled. An agent works without, so that what is wrong is only said.
    private func serveStatus(of pipeline: Pipeline) async {
        let socket = StatusSocket(directory: pipeline.stateDirectory)
        socket.remove()
        do {
            try await TelemetryServer(pipelines: [pipeline], socket: socket, logger: logger).run()
        } catch is CancellationError {
            // The end, as always.
        } catch {
            let reason = (error as? IOError).map { unsafe String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            logger.warning(
                "the socket for 'sluice status' cannot be served, so it reads the state instead",
                metadata: ["directory": "\(pipeline.stateDirectory)", "reason": "\(reason)"]
            )
        }
    }

    private func runPipelines(timeout: Int64?) async -> Outcome {
        await withTaskGroup(of: Pipeline.Outcome.self) { group in
            for pipeline in pipelines { group.addTask { await pipeline.run(timeout: timeout) } }
            var left = 0
            var isRemembered = true
            for await outcome in group {
                switch outcome {
                case .finished: break
                case .unfinished(let batches): left += batches
                case .unremembered: isRemembered = false
                }
            }
            guard left > 0 else {
                if isRemembered { return .finished }
                return .failed(
                    "progress could not be written, so what was delivered last is sent again at the next start; "
                        + "see the log for why"
                )
            }
            return .unfinished(
                "\(left) batches were not delivered in time: they are sent at the next start; see the log for why"
            )
        }
    }
}
