// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

@Suite struct ContainerMetadataTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)

    private func fields(_ metadata: ContainerMetadata?, dedots: Bool = true) -> String? {
        metadata.map { $0.fields(dedotsLabels: dedots).map { "\($0.key)=\($0.json)" }.joined(separator: " ") }
    }

    @Test(arguments: [
        (
            "/var/log/pods/default_web-5f7d_9b1c-22/nginx/3.log",
            #"kubernetes={"namespace":"default","pod":{"name":"web-5f7d","uid":"9b1c-22"},"container":{"name":"nginx","restart_count":3}}"#
        ),
        (
            "/host/var/log/pods/a_b.c_d/e/0.log.20261122-033200.gz",
            #"kubernetes={"namespace":"a","pod":{"name":"b.c","uid":"d"},"container":{"name":"e","restart_count":0}}"#
        ),
        (
            "/var/log/containers/web-5f7d_default_my-nginx-\(id).log",
            #"kubernetes={"namespace":"default","pod":{"name":"web-5f7d"},"container":{"name":"my-nginx"}} container={"id":"\#(id)"}"#
        ),
        ("/var/lib/docker/containers/\(id)/\(id)-json.log", #"container={"id":"\#(id)"}"#),
        ("/data/docker/containers/\(id)/\(id)-json.log.2.gz", #"container={"id":"\#(id)"}"#),
    ])
    func pathsSayWhose(_ path: String, _ expected: String) {
        #expect(fields(ContainerMetadata(path: path)) == expected)
    }

    @Test(arguments: [
        "", "/", "/var/log/syslog", "/var/log/pods/default_web/nginx/0.log", "/var/log/pods/a_b_c_d/x/0.log",
        "/var/log/pods/a_b_c/x/zero.log", "/var/log/pods/a_b_c/x/-1.log", "/var/log/pods/a__c/x/0.log",
        "/var/log/containers/web_default_nginx.log", "/var/log/containers/web_default_nginx-12ab.log",
        "/var/log/containers/web_default_-\(id).log", "/var/log/containers/.log",
        "/var/lib/docker/containers/\(id)/other-json.log", "/var/lib/docker/containers/short/short-json.log",
    ])
    func otherPathsSayNothing(_ path: String) { #expect(ContainerMetadata(path: path) == nil) }

    @Test func dockersOwnFile() throws {
        let path = "/var/lib/docker/containers/\(Self.id)/\(Self.id)-json.log"
        #expect(
            ContainerMetadata.dockerConfigurationPath(logPath: path)
                == "/var/lib/docker/containers/\(Self.id)/config.v2.json"
        )
        #expect(ContainerMetadata.dockerConfigurationPath(logPath: "/var/log/syslog") == nil)
        let configuration = """
            {"StreamConfig":{},"State":{"Running":true},"ID":"\(Self.id)","Name":"/web",
             "Config":{"Hostname":"x","Image":"nginx:1.27","Labels":{"com.example.team":"a \\"b\\"","plain":"é","n":1}},
             "LogPath":"\(path)"}
            """
        var metadata = try #require(ContainerMetadata(path: path))
        try configuration.withByteView { view throws(JSONError) in try metadata.read(dockerConfiguration: view) }
        #expect(
            fields(metadata)
                == #"container={"id":"\#(Self.id)","name":"web","image":{"name":"nginx:1.27"},"labels":{"com_example_team":"a \"b\"","plain":"é"}}"#
        )
        #expect(fields(metadata, dedots: false)?.contains(#""com.example.team":"#) == true)
        // What is there is JSON that an event's source takes.
        let source = EventSource(generation: "AAAAAAAAAAAAAAAA", path: path, common: metadata.fields())
        #expect(source.common.count == 1)
    }

    @Test(arguments: ["", "[]", "{", "{\"Config\":1", "null"])
    func anotherFileIsRefused(_ text: String) {
        var metadata = ContainerMetadata()
        #expect(throws: JSONError.self) {
            try text.withByteView { view throws(JSONError) in try metadata.read(dockerConfiguration: view) }
        }
    }

    @Test(arguments: [
        "{}", "{\"ID\":1,\"Name\":[],\"Config\":{\"Image\":{},\"Labels\":[]}}", "{\"Config\":{\"Labels\":null}}",
    ])
    func whatIsMissingStaysAsItWas(_ text: String) throws {
        var metadata = ContainerMetadata()
        metadata.containerID = "x"
        try text.withByteView { view throws(JSONError) in try metadata.read(dockerConfiguration: view) }
        #expect(fields(metadata) == #"container={"id":"x"}"#)
    }
}
