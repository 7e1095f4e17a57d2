// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// English names of months and days, as Go reads them: letter case does not matter.
enum TimeNames {
    private static let months: [StaticString] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays: [StaticString] = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// The month at `position`, 0 to 11; moves behind it.
    static func month(_ text: ByteView, _ position: inout Int, isWhole: Bool) -> Int? {
        find(months, text, &position, isWhole)
    }

    /// Whether a day's name stands at `position`; moves behind it.
    static func weekday(_ text: ByteView, _ position: inout Int, isWhole: Bool) -> Bool {
        find(weekdays, text, &position, isWhole) != nil
    }

    private static func find(
        _ names: [StaticString],
        _ text: ByteView,
        _ position: inout Int,
        _ isWhole: Bool
    ) -> Int? {
        for index in names.indices {
            let name = ByteView(names[index])
            let length = isWhole ? name.count : 3
            guard position + length <= text.count else { continue }
            var matches = true
            for offset in 0..<length where text[position + offset] | 0x20 != name[offset] { matches = false }
            if matches {
                position += length
                return index
            }
        }
        return nil
    }
}
