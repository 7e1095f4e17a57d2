// SPDX-License-Identifier: Apache-2.0

/// A question to the backend's HTTP APIs, which can be asked from here and from a shell alike.
struct BackendQuestion {
    /// Without parameters.
    var url: String
    var parameters: KeyValuePairs<String, String> = [:]
    /// JSON; asked with POST if there is one, and with GET if not.
    var body: String?

    /// With the parameters.
    var address: String {
        guard !parameters.isEmpty else { return url }
        return url + "?" + parameters.map { "\($0.key)=\(Self.percentEncoded($0.value))" }.joined(separator: "&")
    }

    /// The command for a shell that asks the same.
    var curl: String {
        if let body {
            return "curl -s '\(url)' -H 'Content-Type: application/json' -d \(ShellWord.quoted(body))"
        }
        if parameters.isEmpty { return "curl -s '\(url)'" }
        return "curl -sG '\(url)' "
            + parameters.map { "--data-urlencode \(ShellWord.quoted("\($0.key)=\($0.value)"))" }.joined(separator: " ")
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%"
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }
}
