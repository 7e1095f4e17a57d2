// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// What rotation calls an old file: `app.log` and this behind it.
package struct RotatedName: Hashable {
    /// `2026-11-22`, `2026-11-22_03` or `2026-11-22_03-32-00`; empty if files are numbered.
    package var stamp: String
    /// Numbered, the greater the older, from 1; dated, the greater the newer, from 0.
    package var number: Int

    /// - Parameter suffix: what stands behind the log's own name, `.gz` taken off.
    package init?(suffix: Substring, naming: RotationPolicy.Naming) {
        guard suffix.first == "." else { return nil }
        let parts = suffix.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        switch naming {
        case .numbered:
            guard parts.count == 1, let number = Self.number(parts[0]) else { return nil }
            self.init(stamp: "", number: number)
        case .dated:
            guard let stamp = parts.first, parts.count <= 2, Self.isStamp(stamp) else { return nil }
            guard parts.count == 2 else {
                self.init(stamp: String(stamp), number: 0)
                return
            }
            guard let number = Self.number(parts[1]) else { return nil }
            self.init(stamp: String(stamp), number: number)
        }
    }

    package init(stamp: String, number: Int) {
        self.stamp = stamp
        self.number = number
    }

    /// What stands behind the log's own name.
    package var suffix: String {
        if stamp.isEmpty { return ".\(number)" }
        return number == 0 ? ".\(stamp)" : ".\(stamp).\(number)"
    }

    package func isNewer(than other: RotatedName) -> Bool {
        if stamp != other.stamp { return stamp > other.stamp }
        return stamp.isEmpty ? number < other.number : number > other.number
    }

    /// The date in a name.
    ///
    /// - Parameter local: the local time, in seconds since 1970 as if it were UTC.
    package static func stamp(ofLocal local: Int64, _ fineness: RotationSchedule.Stamp) -> String {
        let day = Timestamp.floorDivide(local, 86_400)
        let date = CivilDate(daysSinceEpoch: Int(day))
        let second = Int(local - day * 86_400)
        let text = "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
        switch fineness {
        case .day: return text
        case .hour: return "\(text)_\(padded(second / 3600))"
        case .second:
            return "\(text)_\(padded(second / 3600))-\(padded(second / 60 % 60))-\(padded(second % 60))"
        }
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// A number as rotation writes it: from 1, and no zeros before it.
    private static func number(_ text: Substring) -> Int? {
        guard let first = text.utf8.first, first != UInt8(ascii: "0"), text.utf8.count < 10,
            text.utf8.allSatisfy(isDigit)
        else { return nil }
        return Int(text)
    }

    private static func isStamp(_ text: Substring) -> Bool {
        let patterns: [StaticString] = ["0000-00-00", "0000-00-00_00", "0000-00-00_00-00-00"]
        return patterns.contains { pattern in
            let pattern = ByteView(pattern)
            guard text.utf8.count == pattern.count else { return false }
            return text.utf8.enumerated().allSatisfy { index, byte in
                pattern[index] == UInt8(ascii: "0") ? isDigit(byte) : byte == pattern[index]
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
