// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `drop_event`: the events for which its `when` holds go nowhere, and count as done.
package final class DropEventProcessor: Processor {
    package init?(_ section: ConfigurationSection) {
        guard let node = section.node("when"), !node.isNull else {
            section.reportMissing("when", expected: "the condition under which events are dropped")
            return nil
        }
    }

    package var mayDrop: Bool { true }

    package func process(_ batch: EventBatch, selected: EventMask) {
        selected.forEach { batch.events[$0].flags.insert(.dropped) }
    }
}
