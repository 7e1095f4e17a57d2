// SPDX-License-Identifier: Apache-2.0

/// Lets async code wait for work that blocks, on a thread of the work's own.
enum Blocking {
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result, Never>) in
            _ = WorkThread(name: "blocking") { continuation.resume(returning: work()) }
        }
    }
}
