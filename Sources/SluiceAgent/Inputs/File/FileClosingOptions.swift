// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// When files are closed, under the names of Filebeat's `log` input and of its `filestream`.
struct FileClosingOptions {
    var inactive: Int64
    var renamed: Bool
    var removed: Bool
    var atEnd: Bool
    var timeout: Int64

    init(_ section: ConfigurationSection) {
        let change = "close.on_state_change."
        inactive =
            section.optionalDuration(change + "inactive", in: 1_000_000...Int64.max)
            ?? section.duration("close_inactive", default: 300_000_000_000, in: 1_000_000...Int64.max)
        renamed = Self.flag(section, "close_renamed", change + "renamed", default: false)
        removed = Self.flag(section, "close_removed", change + "removed", default: true)
        // How often Filebeat looks; here it is seen when it happens.
        _ = section.optionalDuration(change + "check_interval")
        atEnd = Self.flag(section, "close_eof", "close.reader.on_eof", default: false)
        timeout =
            section.optionalDuration("close.reader.after_interval") ?? section.duration("close_timeout", default: 0)
    }

    private static func flag(
        _ section: ConfigurationSection,
        _ name: String,
        _ other: String,
        default value: Bool
    ) -> Bool {
        section.boolean(other, default: section.boolean(name, default: value))
    }
}
