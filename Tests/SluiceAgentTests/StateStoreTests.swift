// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import SluiceAgent
import Testing

@Suite("What state keeps of what is under way")
struct StateStoreTests {
    /// What the agent's state does between a start and an end; its directory is free again afterwards.
    private static func life(_ directory: String, _ body: (StateStore) async throws -> Void) async throws {
        let store = try StateStore(directory: directory, outputs: ["one", "two"], logger: Logger(label: "test"))
        defer { store.close() }
        try await body(store)
    }

    private static func begin(_ store: StateStore) -> Int64 {
        let head = FileFingerprint(offset: 0, length: 0, hash: 0)
        return store.beginGeneration(path: "/app.log", device: 1, inode: 2, head: head).row
    }

    private static func acknowledge(_ row: Int64, _ range: Range<Int64>, _ store: StateStore) {
        for output in ["one", "two"] { store.acknowledge(output: output, [(row: row, range: range)], deadLetters: []) }
    }

    private static func departure(_ row: Int64, _ range: Range<Int64>) -> StateStore.Departure {
        StateStore.Departure(row: row, underWay: .init(range: range, time: 5000, timeOffset: 0), anchor: nil)
    }

    private static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/state-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    /// After a crash a piece is read again and what follows it with it, at times that go on from its own: one longer piece.
    @Test("A piece that became longer stays until all of it is done", arguments: [false, true])
    func longerPiece(_ isRestartedBetween: Bool) async throws {
        try await Self.withDirectory { directory in
            var row: Int64 = 0
            func goOn(_ store: StateStore) async {
                store.begin(sequence: 2, [Self.departure(row, 0..<300)])
                #expect(await store.isDurable(sequence: 2))
                Self.acknowledge(row, 0..<100, store)
            }
            try await Self.life(directory) { store in
                row = Self.begin(store)
                store.begin(sequence: 1, [Self.departure(row, 0..<100)])
                #expect(await store.isDurable(sequence: 1))
                if !isRestartedBetween { await goOn(store) }
            }
            if isRestartedBetween { try await Self.life(directory, goOn) }
            try await Self.life(directory) { store in
                #expect(store.generation(row)?.underWay == [.init(range: 0..<300, time: 5000, timeOffset: 0)])
                Self.acknowledge(row, 0..<300, store)
            }
            try await Self.life(directory) { store in
                #expect(store.generation(row)?.underWay == [])
                #expect(store.generation(row)?.progress["two"]?.contiguous == 300)
            }
        }
    }

    @Test("A longer piece that is done before it was written leaves nothing of the shorter one")
    func longerPieceThatIsDone() async throws {
        try await Self.withDirectory { directory in
            var row: Int64 = 0
            try await Self.life(directory) { store in
                row = Self.begin(store)
                store.begin(sequence: 1, [Self.departure(row, 0..<100)])
                #expect(await store.isDurable(sequence: 1))
                store.begin(sequence: 2, [Self.departure(row, 0..<300)])
                Self.acknowledge(row, 0..<300, store)
            }
            try await Self.life(directory) { store in #expect(store.generation(row)?.underWay == []) }
        }
    }

    /// Read again though it was done, and begun again: the crash comes before that is noted.
    @Test func whatIsDoneIsNotUnderWayAfterACrash() async throws {
        try await Self.withDirectory { directory in
            var row: Int64 = 0
            try await Self.life(directory) { store in
                row = Self.begin(store)
                Self.acknowledge(row, 100..<200, store)
                Self.acknowledge(row, 0..<100, store)
                store.begin(sequence: 1, [Self.departure(row, 100..<200), Self.departure(row, 200..<300)])
                #expect(await store.isDurable(sequence: 1))
            }
            for _ in 0..<2 {
                try await Self.life(directory) { store in
                    #expect(store.generation(row)?.underWay == [.init(range: 200..<300, time: 5000, timeOffset: 0)])
                }
                let database = try StateReader(directory: directory)
                #expect(database.generations.map(\.underWay.count) == [1], "also on the disk")
            }
        }
    }
}
