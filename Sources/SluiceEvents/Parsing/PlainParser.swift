// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// Leaves the text as it is, as the field `message`.
package final class PlainParser: EventParser {
    package init() {}

    package func parse(_ batch: EventBatch) -> Int {
        let key = batch.keys.number(of: "message")
        let slack = batch.fieldSlack + 1
        batch.fields.extend(by: batch.events.count * slack)
        var place = batch.fields.count - batch.events.count * slack
        for event in 0..<batch.events.count {
            batch.events[event].firstField = UInt32(place)
            batch.events[event].fieldRoom = UInt16(clamping: slack)
            place += slack
            batch.appendText(key: key, of: event)
        }
        return 0
    }
}

extension EventBatch {
    /// Makes the raw text of an event its field `key`.
    func appendText(key: UInt32, of event: Int) {
        appendField(
            EventField(
                key: key,
                kind: .text,
                memberStart: EventField.noMember,
                valueStart: events[event].textStart,
                valueEnd: events[event].textEnd
            ),
            of: event
        )
    }
}
