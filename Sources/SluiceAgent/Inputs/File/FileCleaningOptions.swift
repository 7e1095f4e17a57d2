// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// When what is known of files is forgotten, under Filebeat's names.
struct FileCleaningOptions {
    var removed: Bool
    /// Filebeat forgets at once; but a file can be on its way to another name.
    var removedAfter: Int64
    var inactive: Int64

    init(_ section: ConfigurationSection, ignoreOlder: Int64, scanInterval: Int64) {
        removed = section.boolean("clean_removed", default: true)
        removedAfter = section.duration("clean_removed_after", default: 600_000_000_000)
        // Of filestream, -1 is never.
        let isNever = section.node("clean_inactive")?.text == "-1"
        inactive = isNever ? 0 : section.duration("clean_inactive", default: 0)
        let (least, isTooLong) = ignoreOlder.addingReportingOverflow(scanInterval)
        if inactive > 0, ignoreOlder == 0 || isTooLong || inactive <= least, let node = section.node("clean_inactive") {
            section.report(
                node,
                "clean_inactive has to be more than ignore_older and scan_frequency together, and ignore_older has to be "
                    + "set, or files would be read again as soon as they are forgotten"
            )
        }
    }
}
