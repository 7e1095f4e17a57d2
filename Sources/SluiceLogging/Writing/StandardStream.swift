// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writing to descriptors without buffers of the C library.
enum StandardStream {
    /// How long a full pipe or terminal is waited for before a line is given up.
    private static let patienceMilliseconds: Int32 = 1000

    /// How far a write got: all of it, or the bytes written before the error.
    enum Outcome {
        case complete
        case partial(written: Int, code: Int32)
    }

    /// Writes all bytes, in one `write(2)` where the system allows it.
    static func write(_ bytes: ByteView, to descriptor: Int32) -> Outcome {
        var written = 0
        while written < bytes.count {
            let count = unsafe systemWrite(descriptor, bytes.base + written, bytes.count - written)
            if count > 0 {
                written += count
            } else if count == 0 {
                return .partial(written: written, code: EIO)
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if unsafe poll(&wanted, 1, patienceMilliseconds) == 0 {
                    return .partial(written: written, code: EAGAIN)
                }
            } else if errno != EINTR {
                return .partial(written: written, code: errno)
            }
        }
        return .complete
    }

    /// Says something about logging itself on the standard error, on one line.
    static func complain(_ text: String) {
        let arena = ByteArena(capacity: 256)
        arena.append("sluice-logging: ")
        arena.append(text)
        arena.append("\n")
        _ = write(arena.view, to: STDERR_FILENO)
    }

    /// Makes writing to a closed pipe, and writing beyond the largest file the process may write, an error that can be
    /// dealt with instead of a signal that ends the process. Handlers that the process set up stay.
    static let ignoresFatalSignals: Bool = {
        ignoreIfDefault(SIGPIPE)
        ignoreIfDefault(SIGXFSZ)
        return true
    }()

    private static func ignoreIfDefault(_ signalNumber: Int32) {
        guard let previous = signal(signalNumber, SIG_IGN) else { return }
        signal(signalNumber, previous)
    }
}

private func systemWrite(_ descriptor: Int32, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    unsafe write(descriptor, base, count)
}
