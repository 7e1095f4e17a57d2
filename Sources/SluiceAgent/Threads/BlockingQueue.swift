// SPDX-License-Identifier: Apache-2.0

/// A bounded queue between threads: full, it holds back who adds; empty, who takes.
final class BlockingQueue<Element>: @unchecked Sendable {  // everything is under the lock
    private let lock = WaitLock()
    private let capacity: Int
    private var elements: [Element] = []
    private var isClosed = false

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Adds an element, waiting for room.
    ///
    /// - Returns: false if the queue is closed.
    @discardableResult
    func push(_ element: Element) -> Bool {
        lock.withLock {
            while elements.count >= capacity, !isClosed { lock.wait() }
            if isClosed { return false }
            elements.append(element)
            lock.wakeAll()
            return true
        }
    }

    /// Takes the oldest element, waiting for one; nil when the queue is closed and empty.
    func pop() -> Element? {
        lock.withLock {
            while elements.isEmpty {
                if isClosed { return nil }
                lock.wait()
            }
            let element = elements.removeFirst()
            lock.wakeAll()
            return element
        }
    }

    /// Takes the oldest element, waiting at most this long for one; nil if there was none.
    func pop(nanoseconds: Int64) -> Element? {
        lock.withLock {
            if elements.isEmpty, !isClosed { lock.wait(nanoseconds: nanoseconds) }
            guard !elements.isEmpty else { return nil }
            let element = elements.removeFirst()
            lock.wakeAll()
            return element
        }
    }

    /// No more elements; those inside can still be taken.
    func close() {
        lock.withLock {
            isClosed = true
            lock.wakeAll()
        }
    }
}
