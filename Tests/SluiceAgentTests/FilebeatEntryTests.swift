// SPDX-License-Identifier: Apache-2.0

import SluiceAgent
import SluiceBytes
import Testing

@Suite struct FilebeatEntryTests {
    private func entry(_ key: String, _ value: String) throws -> FilebeatEntry? {
        let content = try value.withByteView { view throws(JSONError) in try JSONContent.parse(view) }
        return FilebeatEntry(key: key, value: content)
    }

    @Test func logInput() throws {
        let value = """
            {"prev_id":"","source":"/var/log/syslog","timestamp":[2061628216741,1611303609],"ttl":-1,"identifier_name":\
            "native","id":"native::17-2049","offset":42260,"type":"log","FileStateOS":{"inode":17,"device":2049}}
            """
        let entry = try #require(try entry("filebeat::logs::native::17-2049", value))
        #expect(entry.identity == .native(device: 2049, inode: 17))
        #expect(entry.offset == 42260)
        #expect(entry.source == "/var/log/syslog")
        #expect(entry.updated == 1_611_303_609)
    }

    private static let filestream =
        #"{"cursor":{"offset":7},"meta":{"source":"/a/b-c.log","identifier_name":"x"},"ttl":-1,"updated":[1,2]}"#

    @Test(arguments: [
        ("filestream::my-id::native::5-64768", FilebeatEntry.Identity.native(device: 64768, inode: 5)),
        ("filestream::.global::native::5-64768-stdout", .native(device: 64768, inode: 5)),
        (
            "filestream::my::id::fingerprint::BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            .fingerprint("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        ),
        ("filestream::my-id::path::/a/b-c.log", .path("/a/b-c.log")),
        ("filestream::my-id::path::/a/b-c.log-stderr", .path("/a/b-c.log")),
    ])
    func filestreams(_ key: String, _ identity: FilebeatEntry.Identity) throws {
        let entry = try #require(try entry(key, Self.filestream))
        #expect(entry.identity == identity)
        #expect(entry.offset == 7)
        #expect(entry.source == "/a/b-c.log")
        #expect(entry.updated == 2)
    }

    @Test(arguments: [
        "filestream::my-id::inode_marker::5-x", "winlog::System", "filestream::my-id::native::x-1",
        "filestream::my-id::fingerprint::abc",
    ])
    func whatIsNotKnown(_ key: String) throws {
        #expect(try entry(key, Self.filestream) == nil)
    }
}
