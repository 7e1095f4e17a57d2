// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// By which rules keys and values become JSON. What was encoded under one policy is encoded anew under another.
final class EncodingPolicy: Sendable {
    /// Of engines that redact nothing by key or pattern, limit nothing, and use the layouts that come with the library.
    static let standard = EncodingPolicy(reserved: ReservedKeys(BuiltInLayouts.reservedKeys))

    /// Of all layouts together; which of them a line renames is for its own layout to say.
    let reserved: ReservedKeys

    init(reserved: ReservedKeys) {
        self.reserved = reserved
    }
}
