// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Scratch space for looking up fields. What was looked up is good until the next look.
package final class LookupScratch {
    let index = JSONIndex()
    let text = ByteArena(capacity: 64)

    package init() {}
}
