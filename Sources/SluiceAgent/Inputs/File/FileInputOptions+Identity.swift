// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// How files are known again, and what they hold.
extension FileInputOptions {
    /// `compression`, or `gzip_experimental` of older Filebeats. Filebeat writes `none` as an empty string.
    static func readCompression(_ section: ConfigurationSection) -> FileCompression {
        let isWanted = section.boolean("gzip_experimental", default: true)
        if let node = section.node("compression"), node.text == "" { return .none }
        return section.choice("compression", default: isWanted ? .auto : .none)
    }

    /// `file_identity`: a name, or Filebeat's `file_identity.NAME: ~`.
    ///
    /// Filebeat's `fingerprint` and `inode_marker` are answers to inodes and devices that change: what a file holds is
    /// one as well.
    static func readIdentity(_ section: ConfigurationSection) -> Identity {
        let names = ["native", "path", "content", "fingerprint", "inode_marker"]
        let named = names.filter { section.node("file_identity." + $0) != nil }
        if let node = section.node("file_identity"), !node.isNull {
            guard let entries = node.entries else {
                if ["fingerprint", "inode_marker"].contains(node.text) { return .content }
                return section.choice("file_identity", default: .content)
            }
            for entry in entries where !names.contains(entry.key.split(separator: ".").first.map(String.init) ?? "") {
                section.report(
                    entry.value,
                    "'\(entry.key)' is no way to know a file again: there are \(names.joined(separator: ", "))"
                )
            }
        }
        return named.contains("path") ? .path : named.contains("native") ? .native : .content
    }
}
