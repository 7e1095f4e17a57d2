// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import Testing

@Suite("File systems that others write to")
struct RemoteMountsTests {
    @Test("Network file systems are told from the machine's own")
    func table() {
        let mounts = RemoteMounts(
            table: """
                22 28 0:21 / /sys rw,nosuid - sysfs sysfs rw
                28 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                91 28 0:52 / /mnt/logs rw,relatime shared:51 - nfs4 server:/logs rw,vers=4.2
                92 28 0:300 / /mnt/remote rw - fuse.sshfs me@there:/ rw
                nonsense
                93 28 x:y / /mnt rw - nfs a b
                """
        )
        #expect(!mounts.contains(RemoteMounts.device(254, 0)) && !mounts.contains(RemoteMounts.device(0, 21)))
        #expect(mounts.contains(52) && mounts.contains(RemoteMounts.device(0, 300)))
        // As glibc has it: twelve bits of the major number lie between two parts of the minor.
        #expect(RemoteMounts.device(0x12345, 0x6789a) == 0x0001_2000_6783_459a)
    }
}
