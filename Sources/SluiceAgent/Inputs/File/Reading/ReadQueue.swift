// SPDX-License-Identifier: Apache-2.0

/// The order in which files are read: who is ready waits in a row, so that each gets a turn before one gets a second;
/// who has nothing to read sleeps until a moment. Belongs to its input's thread.
struct ReadQueue {
    private var ready: [TailedFile] = []
    private var first = 0
    /// A heap, the earliest moment first. A file that was woken before stands there in vain.
    private var sleeping: [(moment: Int64, file: TailedFile)] = []
    /// When there are so many, those that stand there in vain are let go: each keeps a file in memory.
    private var sleepingLimit = Self.fewSleeping

    private static let fewSleeping = 1024

    /// How many are ready.
    var count: Int { ready.count - first }

    /// Puts a file at the end of the row, unless it stands there already.
    mutating func wake(_ file: TailedFile) {
        guard !file.isReady else { return }
        file.isReady = true
        file.nextRead = 0
        ready.append(file)
    }

    /// The file whose turn it is, or nil.
    mutating func next() -> TailedFile? {
        guard first < ready.count else {
            ready.removeAll(keepingCapacity: true)
            first = 0
            return nil
        }
        let file = ready[first]
        first += 1
        if first >= 1024, first * 2 >= ready.count {
            ready.removeFirst(first)
            first = 0
        }
        file.isReady = false
        return file
    }

    /// Wakes a file at a moment of the monotonic clock.
    mutating func sleep(_ file: TailedFile, until moment: Int64) {
        file.nextRead = moment
        if sleeping.count >= sleepingLimit { removeVain() }
        sleeping.append((moment, file))
        var child = sleeping.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard sleeping[child].moment < sleeping[parent].moment else { break }
            sleeping.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func removeVain() {
        sleeping.removeAll { $0.file.isClosed || $0.file.nextRead != $0.moment }
        // What is in order is a heap.
        sleeping.sort { $0.moment < $1.moment }
        sleepingLimit = max(Self.fewSleeping, sleeping.count + sleeping.count / 4)
    }

    /// When the first of the sleeping is due.
    var earliest: Int64? { sleeping.first?.moment }

    /// Wakes all that are due.
    mutating func wakeDue(at moment: Int64) {
        while let earliest = sleeping.first, earliest.moment <= moment {
            removeEarliest()
            // It sleeps for another moment now, or is awake, or was closed.
            if earliest.file.nextRead == earliest.moment, !earliest.file.isClosed { wake(earliest.file) }
        }
    }

    private mutating func removeEarliest() {
        let last = sleeping.removeLast()
        guard !sleeping.isEmpty else { return }
        sleeping[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < sleeping.count else { return }
            if child + 1 < sleeping.count, sleeping[child + 1].moment < sleeping[child].moment { child += 1 }
            guard sleeping[child].moment < sleeping[parent].moment else { return }
            sleeping.swapAt(child, parent)
            parent = child
        }
    }
}
