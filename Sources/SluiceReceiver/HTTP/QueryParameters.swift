// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The parameters of a query string or of a form (`application/x-www-form-urlencoded`), in their order.
package struct QueryParameters: Sendable, Equatable {
    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    private(set) var parameters: [Parameter] = []

    package init() {}

    package init(_ text: some Collection<UInt8>) {
        for part in text.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = part[..<(equals ?? part.endIndex)]
            let value = equals.map { part[part.index(after: $0)...] }
            parameters.append(
                Parameter(
                    name: Self.decode(name, plusIsSpace: true),
                    value: value.map { Self.decode($0, plusIsSpace: true) } ?? ""
                )
            )
        }
    }

    /// The first value of this name.
    package subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    package func all(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

    package mutating func append(contentsOf other: QueryParameters) { parameters += other.parameters }

    /// Percent-decodes; what is not a percent-escape stays as it is.
    package static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            let rest = text[text.index(after: index)...].prefix(2)
            if byte == UInt8(ascii: "%"), rest.count == 2, let high = rest.first.flatMap(Hexadecimal.value),
                let low = rest.dropFirst().first.flatMap(Hexadecimal.value)
            {
                bytes.append(high << 4 | low)
                index = rest.endIndex
                continue
            }
            bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            index = text.index(after: index)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
