// SPDX-License-Identifier: Apache-2.0

package import SluiceCompression

/// How the bodies of requests are compressed.
package enum BodyCompression: Sendable, Equatable {
    /// As `Content-Encoding: gzip`, unless the level is 0.
    case gzip(GzipEngine)
    /// Snappy's block format, which is a part of the content's type.
    case snappy
}
