// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Hands elements out in the order of their numbers, whatever order they come in. Async code takes; threads add.
final class OrderedQueue<Element: Sendable>: Sendable {
    private struct State {
        var next: UInt64
        var elements: [UInt64: Element] = [:]
        var waiting: [CheckedContinuation<Element?, Never>] = []
        var isClosed = false
    }

    private let state: Mutex<State>

    /// - Parameter first: the number of the first element.
    init(first: UInt64) { state = Mutex(State(next: first)) }

    /// Adds the element of a number. Each number comes once.
    func add(_ element: Element, number: UInt64) {
        let ready: [(CheckedContinuation<Element?, Never>, Element)] = state.withLock { state in
            state.elements[number] = element
            var ready: [(CheckedContinuation<Element?, Never>, Element)] = []
            while !state.waiting.isEmpty, let element = state.elements.removeValue(forKey: state.next) {
                state.next += 1
                ready.append((state.waiting.removeFirst(), element))
            }
            return ready
        }
        for (continuation, element) in ready { continuation.resume(returning: element) }
    }

    /// The element of the next number; nil once the queue is closed and has no more.
    func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let answer: Element?? = state.withLock { state in
                if let element = state.elements.removeValue(forKey: state.next) {
                    state.next += 1
                    return .some(element)
                }
                if state.isClosed { return .some(nil) }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Whether it is closed and has no more.
    var isAtEnd: Bool { state.withLock { $0.isClosed && $0.elements.isEmpty } }

    /// Nothing more is added.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }
}
