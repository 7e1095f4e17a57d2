// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import SluiceAgent
import Testing

@Suite("Where requests are sent")
struct HTTPTransportTests {
    @Test("Tasks that send run on the event loop of their connections, before and after they wait")
    func executor() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let transport = HTTPTransport(group: group, logger: Logger(label: "test"))
        let loop = group.next()
        let executor = try #require(transport.executor)
        let places = await withTaskExecutorPreference(executor) {
            await withTaskGroup(of: [Bool].self) { tasks in
                for _ in 0..<3 {
                    tasks.addTask {
                        var places = [loop.inEventLoop]
                        try? await Task.sleep(for: .milliseconds(1))
                        places.append(loop.inEventLoop)
                        return places
                    }
                }
                return await tasks.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(places == Array(repeating: true, count: 6))
        #expect(!loop.inEventLoop)
        await transport.shutdown()
        try await group.shutdownGracefully()
    }
}
