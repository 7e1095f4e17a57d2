// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// Whether a request is taken, by its head alone.
enum HTTPRequestCheck {
    /// Why not, or nil.
    static func refusal(_ head: HTTPRequestHead, _ options: HTTPInputOptions) -> HTTPAnswer? {
        let path = head.uri.prefix { $0 != "?" }
        guard path == options.path else { return .refusal(404, "nothing is here; post to \(options.path)") }
        // Who may not ask is told nothing else.
        if let wanted = options.authorization,
            !isEqual(head.headers.first(name: "Authorization") ?? "", wanted)
        {
            var answer = HTTPAnswer.refusal(401, "incorrect username or password")
            answer.header = ("WWW-Authenticate", "Basic realm=\"sluice\"")
            return answer
        }
        if let secret = options.secret, !isEqual(head.headers.first(name: secret.header) ?? "", secret.value) {
            return .refusal(401, "incorrect header or header secret")
        }
        guard head.method == .POST else {
            var answer = HTTPAnswer.refusal(405, "only POST requests are allowed")
            answer.header = ("Allow", "POST")
            return answer
        }
        if !options.contentType.isEmpty {
            let type = (head.headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" }
            if type.lowercased() != options.contentType.lowercased() {
                return .refusal(415, "wrong Content-Type header, expecting \(options.contentType)")
            }
        }
        guard encoding(head) != nil else {
            return .refusal(415, "the Content-Encoding is not known here: send gzip, or none")
        }
        if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }),
            length > options.maximumBodyBytes
        {
            return tooLarge(options)
        }
        return nil
    }

    enum Encoding: Sendable {
        case none, gzip
    }

    /// How the body is encoded; nil if that is not known here.
    static func encoding(_ head: HTTPRequestHead) -> Encoding? {
        switch (head.headers.first(name: "Content-Encoding") ?? "").lowercased() {
        case "", "identity": Encoding.none
        case "gzip", "x-gzip": .gzip
        default: nil
        }
    }

    static func tooLarge(_ options: HTTPInputOptions) -> HTTPAnswer {
        .refusal(413, "the body is larger than \(options.maximumBodyBytes) bytes: send less at a time")
    }

    /// Takes the same time wherever two texts differ.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var difference = left.count ^ right.count
        for index in 0..<right.count { difference |= Int((index < left.count ? left[index] : 0) ^ right[index]) }
        return difference == 0
    }
}
