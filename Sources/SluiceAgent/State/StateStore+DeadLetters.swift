// SPDX-License-Identifier: Apache-2.0

/// Room for dead letters.
extension StateStore {
    /// Makes room for letters, which are then acknowledged.
    ///
    /// - Returns: false if they have to wait for a person to make some.
    func admit(_ letters: [DeadLetter]) -> Bool {
        lock.withLock { letterRoom.admit(DeadLetter.size(of: letters)) }
    }

    /// Looks what is on the disk: `sluice deadletters` may have taken some away. Blocks.
    func recountLetters() {
        let version = lock.withLock { letterRoom.version }
        let bytes = StateReader.deadLetters(in: directory.path).values.reduce(0) { $0 + $1.bytes }
        lock.withLock { letterRoom.recount(bytes, version: version) }
    }
}

extension DeadLetter {
    /// Of several.
    static func size(of letters: [DeadLetter]) -> Int64 { letters.reduce(0) { $0 + $1.size } }
}
