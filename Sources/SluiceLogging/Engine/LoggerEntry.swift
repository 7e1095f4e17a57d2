// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes
public import Synchronization

/// What an engine keeps for the logger of one name. All loggers of that name share it.
@usableFromInline
final class LoggerEntry: Sendable {
    let name: String
    /// Tells loggers apart.
    let hash: UInt64
    /// The name as the inside of a JSON string.
    let escapedName: ByteArena

    /// `","level":"INFO","logger":"name","message":"` for each rank, so that a line copies them in one piece.
    private let levelsAndNames = ByteArena(capacity: 512)
    /// From one rank's to the next, in bytes.
    private let levelStride: Int
    /// Their lengths without that of the level.
    private let levelBase: Int

    /// The rank below which nothing is logged: neither the logger nor any of its outputs would take it.
    @usableFromInline let threshold: Atomic<UInt8>
    private let level: Atomic<UInt8>
    private let current: Atomic<UInt>
    /// All routes there were: the one in force, and those that were before it: a line may still be under way through one of them, and
    /// configurations are few.
    private let routes: Mutex<[LogRoute]>

    init(name: String, level: Logger.Level, route: LogRoute) {
        self.name = name
        let escaped = ByteArena(capacity: name.utf8.count + 32)
        name.withByteView { _ = escaped.appendJSONStringContent($0, isTrusted: false) }
        escapedName = escaped
        let texts = (0..<LevelRank.off).map { rank in
            let text = ByteArena(capacity: 64 + escaped.count)
            text.append("\",\"level\":\"")
            text.append(LevelRank.level(rank).upperName)
            text.append("\",\"logger\":\"")
            text.append(escaped.view)
            text.append("\",\"message\":\"")
            return text
        }
        levelStride = texts.map(\.count).max() ?? 0
        levelBase = (texts.first?.count ?? 0) - Self.levelLength(rank: 0)
        for (rank, text) in texts.enumerated() {
            levelsAndNames.append(text.view)
            while levelsAndNames.count < (rank + 1) * levelStride { levelsAndNames.append(UInt8(ascii: " ")) }
        }
        hash = XXHash64.hash(escaped.view, seed: 1)
        self.level = Atomic(LevelRank.of(level))
        threshold = Atomic(max(LevelRank.of(level), route.lowestRank))
        current = Atomic(Self.address(of: route))
        routes = Mutex([route])
    }

    /// The route in force. It lives as long as the entry.
    @inline(__always)
    var route: Unmanaged<LogRoute> {
        // It is never zero: it is stored by nobody but us.
        let address = unsafe UnsafeRawPointer(bitPattern: current.load(ordering: .acquiring))
        return unsafe Unmanaged.fromOpaque(address.unsafelyUnwrapped)
    }

    /// `","level":"INFO","logger":"name","message":"`.
    @inline(__always)
    func levelAndName(rank: UInt8) -> ByteView {
        let start = Int(rank) &* levelStride
        return levelsAndNames.view(start..<(start &+ levelBase &+ Self.levelLength(rank: rank)))
    }

    /// The length of a level's name.
    @inline(__always)
    private static func levelLength(rank: UInt8) -> Int {
        Int(truncatingIfNeeded: (0x08_05_07_06_04_05_05 as UInt64) >> (UInt64(rank) &* 8) & 0xff)
    }

    private static func address(of route: LogRoute) -> UInt {
        unsafe UInt(bitPattern: Unmanaged.passUnretained(route).toOpaque())
    }

    func update(route: LogRoute, level: Logger.Level) {
        routes.withLock { routes in
            routes.append(route)
            current.store(Self.address(of: route), ordering: .releasing)
            self.level.store(LevelRank.of(level), ordering: .relaxed)
            threshold.store(max(LevelRank.of(level), route.lowestRank), ordering: .relaxed)
        }
    }

    func update(level: Logger.Level) {
        routes.withLock { routes in
            self.level.store(LevelRank.of(level), ordering: .relaxed)
            let lowest = routes.last?.lowestRank ?? LevelRank.off
            threshold.store(max(LevelRank.of(level), lowest), ordering: .relaxed)
        }
    }
}
