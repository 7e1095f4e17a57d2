// SPDX-License-Identifier: Apache-2.0

/// Lets async code wait for work that blocks, on a thread of the work's own.
enum Blocking {
    static func run(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            _ = WorkThread(name: "blocking") {
                work()
                continuation.resume()
            }
        }
    }
}
