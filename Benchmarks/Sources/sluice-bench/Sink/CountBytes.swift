// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// How often a byte stands in `text`.
func countBytes(_ byte: UInt8, in text: ByteView) -> Int {
    var count = 0
    var rest = text
    while let found = rest.firstIndex(of: byte) {
        count += 1
        rest = rest[(found + 1)..<rest.count]
    }
    return count
}
