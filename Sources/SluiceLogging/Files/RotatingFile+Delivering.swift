// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension RotatingFile {
    /// Appends lines for a caller that tries again itself: it ends at the first that cannot be written, and what is not
    /// written counts as dropped nowhere and is not complained about. The lines are synced before it returns.
    ///
    /// - Parameter lines: whole lines.
    /// - Returns: how many bytes of them, whole lines from the first on, are in the file; and why not all.
    package func deliver(_ lines: ByteView) -> (kept: Int, error: SystemError?) {
        let (result, events) = state.withLock { state in
            let result = deliver(lines, &state)
            return (result, state.takeEvents())
        }
        report(events)
        return result
    }

    private func deliver(_ lines: ByteView, _ state: inout RotatingFileState) -> (kept: Int, error: SystemError?) {
        let now = SystemClock.coarseMonotonic()
        if now >= state.nextCheck || HangupSignal.count != state.hangups { look(&state, now: now) }
        var kept = 0
        while kept < lines.count {
            let rest = lines[kept..<lines.count]
            let isOne = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 == rest.count - 1 } ?? true
            let fitting = makeRoom(for: rest, isOne: isOne, &state, now: now)
            guard let outcome = state.file?.append(rest[0..<fitting]) else {
                return (kept, state.openingError ?? SystemError("write to", path: path, code: EBADF))
            }
            if case .failed(let code, let written) = outcome {
                return (kept + written, SystemError("write to", path: path, code: code))
            }
            kept += fitting
        }
        if let code = state.file?.sync() { return (0, SystemError("sync", path: path, code: code)) }
        return (kept, nil)
    }
}
