// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread for blocking work, which async code's few threads must not be kept from theirs with.
@safe
package final class WorkThread: @unchecked Sendable {  // `handle` is written once, before anybody else sees the object
    private var handle: pthread_t = 0

    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// - Parameter name: at most 15 bytes are kept; `top -H` shows it.
    package init(name: String, _ run: @escaping @Sendable () -> Void) {
        let body = unsafe Unmanaged.passRetained(Body(name, run)).toOpaque()
        var handle: pthread_t = 0
        unsafe pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                nameThisThread(body.name)
                body.run()
                return nil
            },
            body
        )
        self.handle = handle
    }

    /// Waits until the thread has ended.
    func join() { pthread_join(handle, nil) }
}

/// Names the calling thread, where the system lets it.
private func nameThisThread(_ name: String) {
    let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = unsafe Array(name.utf8.prefix(15)).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
}
