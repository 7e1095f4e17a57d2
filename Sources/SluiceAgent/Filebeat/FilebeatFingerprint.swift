// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceBytes

/// By what Filebeat knows a file again: SHA-256 of `length` bytes at `offset`, in hexadecimal.
package enum FilebeatFingerprint {
    /// - Returns: nil if the file is shorter, which Filebeat does not read yet.
    package static func hash(_ descriptor: Int32, offset: Int64, length: Int) -> String? {
        var bytes = [UInt8](repeating: 0, count: length)
        var count = 0
        while count < length {
            let got = unsafe bytes[count...].withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(offset) + off_t(count))
            }
            if got < 0, errno == EINTR { continue }
            if got <= 0 { return nil }
            count += got
        }
        return SHA256.hexadecimal(bytes)
    }
}
