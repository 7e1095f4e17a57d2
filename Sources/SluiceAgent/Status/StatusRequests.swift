// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Questions to an input's thread, which answers them between two rounds of reading: nothing that it reads with needs a
/// lock for the sake of who asks.
final class StatusRequests: Sendable {
    /// What one asker waits for: the first of an answer and the end of patience.
    private final class Question: Sendable {
        private let continuation: Mutex<CheckedContinuation<[FileReport]?, Never>?>

        init(_ continuation: CheckedContinuation<[FileReport]?, Never>) { self.continuation = Mutex(continuation) }

        var isOpen: Bool { continuation.withLock { $0 != nil } }

        func answer(_ reports: [FileReport]?) {
            let continuation = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            continuation?.resume(returning: reports)
        }
    }

    private struct State {
        var questions: [Question] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let isAsked = Atomic(false)

    /// Asks, and waits for the answer.
    ///
    /// - Parameter wake: wakes the thread.
    /// - Returns: nil if none comes within `nanoseconds`; no files once the thread has ended.
    func ask(nanoseconds: Int64, _ wake: () -> Void) async -> [FileReport]? {
        await withCheckedContinuation { continuation in
            let question = Question(continuation)
            let isClosed = state.withLock { state in
                state.questions.removeAll { !$0.isOpen }
                if !state.isClosed { state.questions.append(question) }
                return state.isClosed
            }
            if isClosed { return question.answer([]) }
            isAsked.store(true, ordering: .releasing)
            wake()
            Task {
                try? await Task.sleep(for: .nanoseconds(nanoseconds))
                question.answer(nil)
            }
        }
    }

    /// Answers whoever has asked. Of the thread itself.
    func answer(_ make: () -> [FileReport]) {
        guard isAsked.load(ordering: .acquiring) else { return }
        isAsked.store(false, ordering: .relaxed)
        let questions = takeQuestions()
        guard questions.contains(where: \.isOpen) else { return }
        let reports = make()
        for question in questions { question.answer(reports) }
    }

    /// The thread ends: nobody answers any more.
    func close() {
        state.withLock { $0.isClosed = true }
        for question in takeQuestions() { question.answer([]) }
    }

    private func takeQuestions() -> [Question] {
        state.withLock { state in
            defer { state.questions = [] }
            return state.questions
        }
    }
}
