// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import Testing

@Suite struct StatusReportTests {
    @Test func whatIsWrittenIsRead() throws {
        var input = InputReport(name: "file-1")
        input.isAnswering = false
        input.open = 3
        input.lag = 5_000_000_000
        input.unreadSince = 17
        input.rotations = 2
        var output = OutputReport(name: "search \"quoted\"")
        output.failingSince = 12
        output.failure = "503\n\u{1}"
        output.unacknowledged = 99
        var host = HostReport(name: "http://one:9200")
        host.isHealthy = false
        host.requests = 7
        host.failures = 6
        host.inFlight = 5
        host.limit = 8
        output.hosts = [host]
        var queue = QueueReport(name: "file-1")
        queue.unacknowledged = ["loki": 12, "search": 5_000_000_000]
        #expect(queue.bytes == 5_000_000_000)
        var file = FileReport(
            path: "/var/log/a \"b\"\\é.log",
            state: .waitingForLineEnd,
            why: "the last line has no end yet"
        )
        file.device = UInt64.max
        file.inode = 12
        file.size = 100
        file.read = 90
        file.acknowledged = ["loki": 80, "search": 10]
        file.doubt = "why"
        var report = PipelineReport(name: "mlops", isRunning: true, moment: 1_700_000_000_000_000_000)
        report.process = 42
        report.inputs = [input]
        report.outputs = [output]
        report.queues = [queue]
        report.files = [file]
        report.fileCount = 7
        let text = PipelineReport.json([report, PipelineReport(name: "other", isRunning: false, moment: 1)])
        let content = try text.withByteView { view throws(JSONError) in try JSONContent.parse(view) }
        let read = try #require(PipelineReport.read(content))
        #expect(read.count == 2)
        #expect(read.first == report)
        #expect(read.first?.isHealthy == false)
        #expect(read.last?.isRunning == false)
    }

    @Test func anotherAnswerIsNoReport() throws {
        let content = try "{\"status\":\"ok\"}".withByteView { view throws(JSONError) in try JSONContent.parse(view) }
        #expect(PipelineReport.read(content) == nil)
    }

    @Test func lagIsWhatTheSlowestOutputLacks() {
        var file = FileReport(path: "/a", state: .reading)
        file.size = 100
        file.read = 60
        #expect(file.lag == 40)
        file.acknowledged = ["fast": 50, "slow": 20]
        #expect(file.lag == 80)
        // A copy is read elsewhere.
        file.state = .copy
        #expect(file.lag == 0)
        // What is gone lags by what was read of it.
        file.state = .gone
        file.size = nil
        #expect(file.lag == 40)
    }

    @Test func theMostLaggingIsFirstAndThenWhatFails() {
        var lagging = FileReport(path: "/z", state: .reading)
        lagging.size = 10
        let failing = FileReport(path: "/y", state: .failing)
        let resting = FileReport(path: "/x", state: .atEnd)
        let sorted = [resting, failing, lagging].sorted(by: FileReport.isWorse)
        #expect(sorted.map(\.path) == ["/z", "/y", "/x"])
    }
}
