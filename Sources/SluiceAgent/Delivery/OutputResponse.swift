// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// What a destination answered.
package struct OutputResponse {
    package var status: Int
    /// Seconds from now, as the `Retry-After` header says.
    package var retryAfter: Int?
    /// Good while the response is judged.
    package var body: ByteView

    package init(status: Int, retryAfter: Int? = nil, body: ByteView) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }

    /// The beginning of the body, for a log line.
    package var excerpt: String {
        let text = body[0..<min(body.count, 300)].string
        return String(text.map { $0.isNewline ? " " : $0 })
    }
}
