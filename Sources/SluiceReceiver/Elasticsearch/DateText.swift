// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// Dates as Elasticsearch's default date format has them: `strict_date_optional_time||epoch_millis`.
package enum DateText {
    /// Nanoseconds since 1970 of a JSON value, or nil if it is no date.
    package static func nanoseconds(_ value: ByteView, kind: JSONKind) -> Int64? {
        switch kind {
        case .string: nanoseconds(value[1..<(value.count - 1)])
        case .integer, .double: nanoseconds(value)
        default: nil
        }
    }

    package static func nanoseconds(_ text: ByteView) -> Int64? {
        if let time = Timestamp.parse(text, isZoneOptional: true) { return time.nanoseconds }
        if let milliseconds = NumberText.integer(text), text.count > 4 || milliseconds < 0 {
            let (product, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
            return isTooLarge ? nil : product
        }
        // A date alone, or with hours and minutes.
        let string = text.string
        let filled =
            switch string.utf8.count {
            case 4: string + "-01-01T00:00:00"
            case 7: string + "-01T00:00:00"
            case 10: string + "T00:00:00"
            case 13: string + ":00:00"
            case 16: string + ":00"
            case 17 where string.hasSuffix("Z"): String(string.dropLast()) + ":00Z"
            default: ""
            }
        return filled.withByteView { Timestamp.parse($0, isZoneOptional: true)?.nanoseconds }
    }
}
