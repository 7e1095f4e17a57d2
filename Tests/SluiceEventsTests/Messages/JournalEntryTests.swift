// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

@Suite struct JournalEntryTests {
    private func read(_ line: String) throws -> (event: String, cursor: String) {
        var result = (event: "", cursor: "")
        try line.withByteView { (view) throws(JournalEntryReader.Problem) in
            try JournalEntryReader().read(view) { result = ($0.string, $1) }
        }
        return result
    }

    private func entry(_ members: String) -> String { #"{"__CURSOR":"c"\#(members.isEmpty ? "" : ",")\#(members)}"# }

    @Test func theCursorIsGivenAndIsNoField() throws {
        let (event, cursor) = try read(
            #"{"__CURSOR":"s=1;i=2\u002f","__REALTIME_TIMESTAMP":"1700000000123456","__MONOTONIC_TIMESTAMP":"1"}"#
        )
        #expect(cursor == "s=1;i=2/")
        #expect(event == #"{"@timestamp":"2023-11-14T22:13:20.123456Z","event.kind":"event"}"#)
    }

    @Test(arguments: [
        (#""MESSAGE":"a\nb""#, #""message":"a\nb""#),
        // Bytes that are no text, a field several times, and one that is too long to be shown.
        (#""MESSAGE":[104,105,10,255]"#, #""message":"hi\n�""#), (#""MESSAGE":[]"#, #""message":"""#),
        (#""X":["a",[98,255]]"#, #""journald.custom.x":["a","b�"]"#), (#""MESSAGE":null"#, ""),
        (#""MESSAGE":[1,"a"]"#, #""message":["a"]"#), (#""X":[256]"#, #""journald.custom.x":[]"#),
        (#""PRIORITY":"6""#, #""syslog.priority":6,"log.syslog.priority":6"#),
        (#""PRIORITY":"high""#, #""syslog.priority":"high","log.syslog.priority":"high""#),
        (#""SYSLOG_FACILITY":"3""#, #""syslog.facility":3,"log.syslog.facility.code":3"#),
        (#""SYSLOG_IDENTIFIER":"cron""#, #""syslog.identifier":"cron","log.syslog.appname":"cron""#),
        (#""SYSLOG_PID":"7,root""#, #""syslog.pid":7"#),
        (#""_TRANSPORT":"journal""#, #""systemd.transport":"journal""#),
        (#""_SYSTEMD_UNIT":"a.service""#, #""systemd.unit":"a.service""#),
        (#""_HOSTNAME":"h""#, #""host.hostname":"h""#),
        (#""MY_FIELD":"x","__ODD":"y""#, #""journald.custom.my_field":"x","journald.custom.odd":"y""#),
        (#""_PID":"42""#, #""journald.pid":42,"process.pid":42"#),
        (#""_COMM":"sh""#, #""journald.process.name":"sh","process.name":"sh""#),
        (
            #""_CMDLINE":"sh -c \"a b\"""#,
            #""journald.process.command_line":"sh -c \"a b\"","process.command_line":"sh -c \"a b\"","#
                + #""process.args":["sh","-c","\"a b\""],"process.args_count":3"#
        ),
        (
            #""_UID":"1","_GID":"2""#,
            #""journald.uid":1,"journald.gid":2,"user.id":"1","user.group.id":"2""#
        ),
        (
            #""_UID":"0","_GID":"0","_AUDIT_LOGINUID":"7""#,
            #""journald.uid":0,"journald.gid":0,"journald.audit.login_uid":7,"user.id":"7","user.effective.id":"0","#
                + #""user.effective.group.id":"0""#
        ),
        // Of the object, where one program logs on behalf of another.
        (
            #""_PID":"1","OBJECT_PID":"2""#,
            #""journald.pid":1,"journald.object.pid":2,"process.pid":2"#
        ),
    ])
    func fieldsAreThoseOfFilebeat(_ members: String, _ expected: String) throws {
        let event = try read(entry(members)).event
        #expect(event == "{" + expected + (expected.isEmpty ? "" : ",") + #""event.kind":"event"}"#)
        #expect(event.withByteView { (try? JSONScanner.validate($0)) != nil })
    }

    @Test(arguments: ["", "x", "[]", "{}", #"{"MESSAGE":"x"}"#, #"{"__CURSOR":1}"#, #"{"__CURSOR":"c""#])
    func whatIsNoEntryIsRefused(_ line: String) {
        #expect(throws: JournalEntryReader.Problem.self) { try read(line) }
    }

    @Test func theHostsNameStandsBesideTheEntrys() throws {
        var event = ""
        try entry(#""_HOSTNAME":"h""#).withByteView { (view) throws(JournalEntryReader.Problem) in
            try JournalEntryReader(hostName: "agent").read(view) { text, _ in event = text.string }
        }
        #expect(event == #"{"host.hostname":"h","host.name":"agent","event.kind":"event"}"#)
    }
}
