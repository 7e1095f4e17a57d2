// SPDX-License-Identifier: Apache-2.0

import Glibc
import X509

extension Certificate {
    /// The names and addresses that it is for, in text.
    var alternativeNames: [String] {
        guard let names = try? extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let text): text
            case .ipAddress(let bytes): Self.address(Array(bytes.bytes))
            default: nil
            }
        }
    }

    /// The names for a message; the subject if there are none.
    var namesInWords: String {
        let names = alternativeNames
        if names.isEmpty { return "its certificate has no alternative names, and the subject '\(subject)'" }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and others" : "")
        return "its certificate is for \(shown)"
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
