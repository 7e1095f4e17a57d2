// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Ids for documents that come without one: twenty characters as Elasticsearch makes them, of which the first tell
/// the time of arrival, so that neighbours in time are neighbours in the index.
enum DocumentKey {
    /// - Parameter id: the row's id, which no other document has.
    static func make(_ id: Int64) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(20)
        for shift in stride(from: 60, through: 0, by: -6) {
            key.append(Base64URL.digit(UInt8(truncatingIfNeeded: id >> Int64(shift))))
        }
        var random = UInt64.random(in: .min ... .max)
        for _ in 0..<9 {
            key.append(Base64URL.digit(UInt8(truncatingIfNeeded: random)))
            random >>= 6
        }
        return key
    }
}
