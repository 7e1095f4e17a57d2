// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging
import Testing

@Suite("Context of a task")
struct TaskContextTests {
    private let destination = MemoryDestination()

    private func fields(_ text: String) throws -> [String] {
        try LogLine(text).members.dropFirst(7).map { "\($0.key)=\($0.value)" }
    }

    @Test("Both doors see it, it ends with its scope, and inner ones add to outer ones")
    func scopes() throws {
        let log = ContextLogger("x", engine: destination.engine())
        let handler = destination.handler(metadata: ["b": "handler"])
        let logger = Logger(label: "x") { _ in handler }
        let result = withLogContext(["request_id": "1", "b": 2]) {
            log.info("outer")
            return withLogContext(["request_id": "2", "c": true]) {
                log.info("inner")
                logger.info("inner")
                return "result"
            }
        }
        log.info("after")
        #expect(result == "result")
        let found = try destination.lines.map(fields)
        let expected = [
            ["request_id=\"1\"", "b=2"], ["request_id=\"2\"", "b=2", "c=true"],
            ["request_id=\"2\"", "b=2", "c=true"], [],
        ]
        #expect(found == expected)
    }

    @Test("Child tasks inherit it; detached tasks do not")
    func tasks() async throws {
        let log = ContextLogger("x", engine: destination.engine())
        try await withLogContext(["request_id": "1"]) {
            async let child: Void = log.info("child")
            await child
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await Task.yield()
                    log.info("grandchild")
                }
            }
            await Task { log.info("unstructured") }.value
            await Task.detached { log.info("detached") }.value
            try await Task.sleep(for: .zero)
            log.info("after waiting")
        }
        let found = try destination.lines.map(fields)
        #expect(found == [["request_id=\"1\""], ["request_id=\"1\""], ["request_id=\"1\""], [], ["request_id=\"1\""]])
    }

    @Test("What the operation throws comes through")
    func throwing() async {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try withLogContext(["a": 1]) { throw Failure() } }
        await #expect(throws: Failure.self) {
            try await withLogContext(["a": 1]) {
                await Task.yield()
                throw Failure()
            }
        }
    }
}
