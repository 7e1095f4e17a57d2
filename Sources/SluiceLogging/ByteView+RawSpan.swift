// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

extension ByteView {
    /// The same bytes as the standard library's span.
    func withRawSpan(_ body: (RawSpan) -> Void) {
        body(unsafe UnsafeRawBufferPointer(start: base, count: count).bytes)
    }
}

extension RawSpan {
    /// The same bytes as a view, which is good only inside `body`.
    func withByteView(_ body: (ByteView) -> Void) {
        unsafe withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return body(.empty) }
            unsafe body(ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: buffer.count))
        }
    }
}
