// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// By what the lines of a request are found: what the caller sent as `X-Request-ID`, or 32 random digits.
struct RequestIdentifier {
    let text: String

    init(of request: Request) {
        if let sent = request.headers.requestIdentifier, Self.isPlain(sent) {
            text = sent
        } else {
            let digits = String(UInt128.random(in: 0...UInt128.max), radix: 16)
            text = String(repeating: "0", count: 32 - digits.utf8.count) + digits
        }
    }

    /// Whoever calls is not trusted with more than that in our logs.
    private static func isPlain(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension HTTPFields {
    /// `X-Request-ID`, as proxies and other services pass it on.
    var requestIdentifier: String? {
        get { HTTPField.Name("X-Request-ID").flatMap { self[$0] } }
        set {
            if let name = HTTPField.Name("X-Request-ID") { self[name] = newValue }
        }
    }
}
