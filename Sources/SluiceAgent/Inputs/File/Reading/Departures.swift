// SPDX-License-Identifier: Apache-2.0

/// Tells state what of which file one turn has handed on, with the boundaries that it forced.
struct Departures {
    /// By the row of the generation in whose file the events end, in that file's offsets. One that began in a file before
    /// begins below 0.
    private var forced: [Int64: [Range<Int64>]] = [:]
    private let ended: [EndedFile]
    private let place: FileFraming.Place
    private let anchor: FileFingerprint?

    init(forced: [Range<Int64>], ended: [EndedFile], place: FileFraming.Place, anchor: FileFingerprint?) {
        self.ended = ended
        self.place = place
        self.anchor = anchor
        for range in forced {
            if let file = ended.first(where: { range.upperBound <= $0.end }) {
                let own = (range.lowerBound + file.shift)..<(range.upperBound + file.shift)
                self.forced[file.place.row, default: []].append(own)
            } else {
                self.forced[place.row, default: []].append(range)
            }
        }
    }

    /// Tells of a stretch, taken apart where one file ends and the next one begins.
    mutating func add(_ underWay: Generation.UnderWay, _ departed: (StateStore.Departure) -> Void) {
        var rest = underWay
        for file in ended where rest.range.lowerBound < file.end {
            var part = rest.before(-file.shift)
            part.range = file.own(rest.range)
            tell(part, file.place, file.anchor, departed)
            rest.range = min(file.end, rest.range.upperBound)..<rest.range.upperBound
        }
        if !rest.range.isEmpty { tell(rest, place, anchor, departed) }
    }

    private mutating func tell(
        _ underWay: Generation.UnderWay,
        _ place: FileFraming.Place,
        _ anchor: FileFingerprint?,
        _ departed: (StateStore.Departure) -> Void
    ) {
        departed(
            StateStore.Departure(
                row: place.row,
                underWay: underWay,
                anchor: anchor,
                forced: forced.removeValue(forKey: place.row) ?? []
            )
        )
    }
}
