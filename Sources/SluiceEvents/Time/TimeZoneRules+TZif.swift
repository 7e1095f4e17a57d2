// SPDX-License-Identifier: Apache-2.0

/// The files of the time zone database, as `/usr/share/zoneinfo` has them.
extension TimeZoneRules {
    /// Reads TZif (RFC 8536), of version 2 or later its second block; nil if that is not what the bytes are.
    package init?(tzif bytes: [UInt8]) {
        guard let first = Header(bytes, at: 0) else { return nil }
        var header = first
        var timeSize = 4
        if first.version >= 2 {
            guard let second = Header(bytes, at: first.end(timeSize: 4)) else { return nil }
            header = second
            timeSize = 8
        }
        guard header.end(timeSize: timeSize) <= bytes.count, header.types > 0 else { return nil }
        let indices = header.body + header.times * timeSize
        let infos = indices + header.times
        var utcOffsets: [Int] = []
        for type in 0..<header.types { utcOffsets.append(Int(Self.integer(bytes, infos + type * 6, 4))) }
        initialOffset = utcOffsets[0]
        for number in 0..<header.times {
            let type = Int(bytes[indices + number])
            guard type < header.types else { return nil }
            let time = Self.integer(bytes, header.body + number * timeSize, timeSize)
            guard transitions.last.map({ $0 < time }) ?? true else { return nil }
            transitions.append(time)
            offsets.append(utcOffsets[type])
        }
        if timeSize == 8 {
            let footer = bytes[header.end(timeSize: 8)...].dropFirst().prefix { $0 != 0x0a }
            if !footer.isEmpty { yearly = YearlyTimeZoneRule(footer) }
        }
    }

    private struct Header {
        var version: Int
        var body: Int
        var utcFlags, standardFlags, leaps, times, types, characters: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start + 44 <= bytes.count, Array(bytes[start..<(start + 4)]) == Array("TZif".utf8) else {
                return nil
            }
            let digit = bytes[start + 4]
            version = digit >= 0x32 ? Int(digit) - 0x30 : 1
            body = start + 44
            let counts = (0..<6).map { Int(TimeZoneRules.integer(bytes, start + 20 + $0 * 4, 4)) }
            // No zone has nearly as many of anything; larger counts would only overflow.
            guard counts.allSatisfy({ $0 >= 0 && $0 <= 100_000 }) else { return nil }
            utcFlags = counts[0]
            standardFlags = counts[1]
            leaps = counts[2]
            times = counts[3]
            types = counts[4]
            characters = counts[5]
        }

        func end(timeSize: Int) -> Int {
            body + times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags
        }
    }

    /// A big-endian two's complement number of 4 or 8 bytes.
    private static func integer(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int64 {
        var value: UInt64 = 0
        for index in start..<(start + size) { value = value << 8 | UInt64(bytes[index]) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
