// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceEvents
import Testing

@Suite("Which window goes over which connection")
struct WindowScheduleTests {
    private static let second: Int64 = 1_000_000_000

    private func schedule(_ options: ConfigurationNode) throws -> WindowSchedule {
        let problems = ConfigurationProblems()
        let output = try #require(LogstashOutput(ConfigurationSection(options, problems: problems)))
        #expect(problems.isEmpty, "\(problems)")
        return WindowSchedule(output)
    }

    /// What goes now: window, connection and host of each.
    private func next(_ schedule: inout WindowSchedule, now: Int64 = 0) -> [[Int]] {
        var found: [[Int]] = []
        while let assignment = schedule.next(now: now) {
            found.append([Int(assignment.window), assignment.connection, assignment.host])
        }
        return found
    }

    @Test("On one connection batches go in their order, whatever order they come in, as many as may be under way")
    func order() throws {
        var schedule = try schedule(["hosts": ["a"], "pipelining": 3])
        schedule.add(12, batch: 2, endsBatch: true)
        #expect(next(&schedule).isEmpty, "the first batch has not gone")
        schedule.add(11, batch: 1, endsBatch: true)
        #expect(next(&schedule) == [[11, 0, 0], [12, 0, 0]])
        schedule.add(14, batch: 4, endsBatch: true)
        #expect(next(&schedule).isEmpty)
        schedule.settled(3)
        #expect(next(&schedule) == [[14, 0, 0]], "a batch of which nothing is sent holds nothing up")
        schedule.add(15, batch: 5, endsBatch: true)
        #expect(next(&schedule).isEmpty, "three are under way")
        schedule.acknowledged(11)
        #expect(next(&schedule) == [[15, 0, 0]])
    }

    @Test("A batch of several windows lets the next go with its last")
    func severalWindows() throws {
        var schedule = try schedule(["hosts": ["a"], "pipelining": 4])
        schedule.add(21, batch: 1, endsBatch: false)
        schedule.add(23, batch: 2, endsBatch: true)
        #expect(next(&schedule) == [[21, 0, 0]])
        schedule.acknowledged(21)
        #expect(next(&schedule).isEmpty)
        schedule.add(22, batch: 1, endsBatch: true)
        #expect(next(&schedule) == [[22, 0, 0], [23, 0, 0]])
    }

    @Test("After a connection is lost, what was under way goes before all else, in its order, to the next host")
    func lostConnection() throws {
        var schedule = try schedule(["hosts": ["a", "b"], "pipelining": 3])
        for batch in UInt64(1)...3 { schedule.add(batch, batch: batch, endsBatch: true) }
        #expect(next(&schedule).count == 3)
        schedule.acknowledged(1)
        schedule.settled(1)
        schedule.add(4, batch: 4, endsBatch: true)
        schedule.ended(0, isFailure: true, now: 0)
        #expect(next(&schedule).isEmpty, "batches 2 and 3 come first")
        schedule.add(5, batch: 3, endsBatch: true)
        #expect(next(&schedule).isEmpty, "batch 2 comes first")
        schedule.add(6, batch: 2, endsBatch: true)
        #expect(next(&schedule) == [[6, 0, 1]], "one asks whether the other host works")
        schedule.acknowledged(6)
        #expect(next(&schedule) == [[5, 0, 1], [4, 0, 1]])
        // And once more round.
        schedule.ended(0, isFailure: true, now: 0)
        schedule.add(7, batch: 3, endsBatch: true)
        #expect(next(&schedule) == [[7, 0, 0]])
    }

    @Test("What a server ends while nothing is under way is no failure")
    func idleEnd() throws {
        var schedule = try schedule(["hosts": ["a", "b"]])
        schedule.add(1, batch: 1, endsBatch: true)
        #expect(next(&schedule) == [[1, 0, 0]])
        schedule.acknowledged(1)
        schedule.ended(0, isFailure: false, now: 0)
        schedule.add(2, batch: 2, endsBatch: true)
        schedule.add(3, batch: 3, endsBatch: true)
        #expect(next(&schedule) == [[2, 0, 0], [3, 0, 0]])
    }

    @Test("Balanced hosts share the windows, each connection as many as may be under way")
    func balance() throws {
        var schedule = try schedule(["hosts": ["a", "b"], "loadbalance": true, "workers": 2, "pipelining": 0])
        for batch in UInt64(1)...5 { schedule.add(batch, batch: batch, endsBatch: true) }
        #expect(next(&schedule) == [[1, 0, 0], [2, 1, 1], [3, 2, 0], [4, 3, 1]])
        schedule.acknowledged(3)
        #expect(next(&schedule) == [[5, 2, 0]])
    }

    @Test("A host that fails is left alone while another works, and asked again after the backoff")
    func restingHost() throws {
        var schedule = try schedule(
            ["hosts": ["a", "b"], "loadbalance": true, "pipelining": 1, "backoff": ["init": "10s", "max": "15s"]]
        )
        schedule.add(1, batch: 1, endsBatch: true)
        schedule.add(2, batch: 2, endsBatch: true)
        #expect(next(&schedule) == [[1, 0, 0], [2, 1, 1]])
        schedule.ended(0, isFailure: true, now: 0)
        schedule.add(3, batch: 1, endsBatch: true)
        #expect(next(&schedule, now: Self.second).isEmpty, "b has its window under way")
        schedule.acknowledged(2)
        #expect(next(&schedule, now: Self.second) == [[3, 1, 1]])
        schedule.add(4, batch: 3, endsBatch: true)
        #expect(next(&schedule, now: 9 * Self.second).isEmpty)
        #expect(next(&schedule, now: 10 * Self.second) == [[4, 0, 0]], "a is asked again")
        schedule.ended(0, isFailure: true, now: 10 * Self.second)
        schedule.add(5, batch: 3, endsBatch: true)
        #expect(next(&schedule, now: 24 * Self.second).isEmpty, "twice as long, and no longer than the longest")
        #expect(next(&schedule, now: 25 * Self.second) == [[5, 0, 0]])
    }

    @Test("Where all hosts fail, the one that has been left alone longest is asked")
    func allFail() throws {
        var schedule = try schedule(["hosts": ["a", "b"], "loadbalance": true, "pipelining": 1])
        schedule.add(1, batch: 1, endsBatch: true)
        schedule.add(2, batch: 2, endsBatch: true)
        _ = next(&schedule)
        schedule.ended(1, isFailure: true, now: 0)
        schedule.ended(0, isFailure: true, now: 1)
        for window in UInt64(3)...5 { schedule.add(window, batch: window, endsBatch: true) }
        #expect(next(&schedule, now: 2) == [[3, 1, 1], [4, 0, 0]])
    }

    @Test("A connection that has lived long enough is made anew when nothing is under way on it")
    func lifetime() throws {
        var schedule = try schedule(["hosts": ["a"], "ttl": "10s", "pipelining": 2])
        schedule.add(1, batch: 1, endsBatch: true)
        #expect(schedule.next(now: 0)?.isAnew == false)
        schedule.connected(0, now: 0)
        schedule.add(2, batch: 2, endsBatch: true)
        #expect(schedule.next(now: 10 * Self.second) == nil, "the first is under way")
        schedule.acknowledged(1)
        #expect(schedule.next(now: 10 * Self.second)?.isAnew == true)
        schedule.add(3, batch: 3, endsBatch: true)
        #expect(schedule.next(now: 11 * Self.second)?.isAnew == false)
    }

    @Test("The longest durations do not overflow")
    func longest() throws {
        let longest: ConfigurationNode = ["init": "2562047h", "max": "2562047h"]
        var schedule = try schedule(["hosts": ["a"], "ttl": "2562047h", "backoff": longest])
        for batch in UInt64(1)...70 {
            schedule.add(batch, batch: 1, endsBatch: true)
            #expect(schedule.next(now: .max - 1)?.window == batch)
            schedule.connected(0, now: .max - 1)
            schedule.ended(0, isFailure: true, now: .max - 1)
        }
    }

    @Test("A window that was cancelled does not go, and holds nothing up once its batch is settled")
    func cancelled() throws {
        var schedule = try schedule(["hosts": ["a"]])
        schedule.add(1, batch: 1, endsBatch: true)
        schedule.add(2, batch: 2, endsBatch: true)
        schedule.remove(1)
        #expect(next(&schedule).isEmpty)
        schedule.settled(1)
        #expect(next(&schedule) == [[2, 0, 0]])
    }

    @Test("Slow start grows by half with each yes and halves with each failure")
    func slowStart() {
        var start = SlowStart(maximum: 40)
        var sizes: [Int] = []
        for _ in 0..<5 {
            sizes.append(start.size)
            start.succeeded(events: start.size)
        }
        #expect(sizes == [10, 15, 23, 35, 40])
        start.succeeded(events: 3)
        start.failed()
        #expect(start.size == 20)
        start.succeeded(events: 19)
        #expect(start.size == 20, "a smaller window says nothing")
        for _ in 0..<9 { start.failed() }
        #expect(start.size == 1)
        start.succeeded(events: 1)
        #expect(start.size == 2)
        #expect(SlowStart(maximum: 4).size == 4)
    }
}
