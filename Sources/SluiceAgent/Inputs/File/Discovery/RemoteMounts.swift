// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The devices of file systems whose files others can change without this machine hearing of it: network file systems.
package struct RemoteMounts {
    private var devices: Set<UInt64> = []

    private static let types: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ocfs2",
        "gfs2", "virtiofs", "vboxsf", "vmhgfs", "coda", "ncpfs", "fuse", "fuseblk",
    ]

    /// As the system has them mounted now.
    init() { self.init(table: TextFile.read("/proc/self/mountinfo") ?? "") }

    /// - Parameter table: in the format of `/proc/self/mountinfo` (proc(5)).
    package init(table: String) {
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
            let type = fields[dash + 1]
            guard Self.types.contains(String(type)) || type.hasPrefix("fuse.") else { continue }
            let numbers = fields[2].split(separator: ":")
            guard numbers.count == 2, let major = UInt32(numbers[0]), let minor = UInt32(numbers[1]) else { continue }
            devices.insert(Self.device(major, minor))
        }
    }

    package func contains(_ device: UInt64) -> Bool { devices.contains(device) }

    /// The number that stat(2) says, as glibc's `makedev` has it.
    package static func device(_ major: UInt32, _ minor: UInt32) -> UInt64 {
        let (major, minor) = (UInt64(major), UInt64(minor))
        return (major & 0xfff) << 8 | (major & ~0xfff) << 32 | minor & 0xff | (minor & ~0xff) << 12
    }
}
