// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread that runs one closure and can be waited for.
@safe
final class BackgroundThread {
    private let handle: pthread_t

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(_ run: @escaping @Sendable () -> Void) throws(Failure) {
        let body = unsafe Unmanaged.passRetained(Body(run)).toOpaque()
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            body
        )
        guard code == 0 else { throw Failure("no thread to be had") }
        self.handle = handle
    }

    func join() { pthread_join(handle, nil) }
}
