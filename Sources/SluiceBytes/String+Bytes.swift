// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Runs `body` over a view of the string's UTF-8, which is good only inside `body`. Unlike `withByteView`, it neither
    /// copies nor retains a string whose bytes lie in one piece, as all do but some that come from Objective-C.
    @inlinable
    @inline(__always)
    package func withBytes<Result>(_ body: (ByteView) -> Result) -> Result {
        let result = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            guard let base = bytes.baseAddress else { return body(.empty) }
            return unsafe body(ByteView(base: base, count: bytes.count))
        }
        return result ?? withByteView(body)
    }
}
