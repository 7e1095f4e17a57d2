// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// `type: journald`, with a program in the place of journalctl that reads entries from a file.
@Suite(.serialized) struct JournalInputTests {
    /// Prints the lines of `journal` behind the cursor, and follows them until it is told to end.
    private func install(_ road: Road, follows: Bool) throws {
        let script = """
            #!/bin/sh
            # Cursors are line numbers.
            printf '%s\\n' "$*" >> '\(road.path("calls"))'
            line=0
            for argument in "$@"; do
                case "$argument" in --after-cursor=*) line=${argument#--after-cursor=};; esac
            done
            while :; do
                total=$(wc -l < '\(road.path("journal"))')
                if [ "$total" -gt "$line" ]; then
                    sed -n "$((line + 1)),${total}p" '\(road.path("journal"))' || exit 1
                    line=$total
                fi
                case "$*" in *--follow*) ;; *) exit 0;; esac
                [ \(follows) = true ] || exit 3
                sleep 0.05
            done
            """
        try TextFile.write(script, road.path("journalctl"))
        let code = unsafe chmod(road.path("journalctl"), 0o700)
        #expect(code == 0)
        try TextFile.write("", road.path("journal"))
    }

    private func entry(_ number: Int, _ message: String) -> String {
        #"{"__CURSOR":"\#(number)","__REALTIME_TIMESTAMP":"\#(1_790_000_000_000_000 + number)","#
            + #""MESSAGE":"\#(message)","PRIORITY":"6","_HOSTNAME":"h"}"# + "\n"
    }

    private func pipeline(_ road: Road, _ options: String = "") throws {
        try road.pipeline(inputs: ["type: journald, id: a, journalctl_path: \"\(road.path("journalctl"))\"\(options)"])
    }

    @Test func entriesArriveOnceWhateverEnds() async throws {
        let road = try await Road()
        try install(road, follows: true)
        try pipeline(road)
        var written: [String] = []
        func append(_ count: Int) throws {
            var text = ""
            for _ in 0..<count {
                written.append("entry \(written.count + 1)")
                text += entry(written.count, written[written.count - 1])
            }
            try TextFile.append(text, road.path("journal"))
        }
        try append(100)
        let first = try road.agent()
        try await road.waitForDocuments(100, first)
        try append(50)
        try await road.waitForDocuments(150, first)
        // The agent is killed while its destinations are away.
        road.receiver.kill()
        try append(50)
        try await Poll.until("all is queued", tail: { first.errors }) { road.queuedBytes() > 50 * 80 }
        first.kill()
        try append(30)
        try await road.receiver.start()
        let second = try road.agent()
        try await road.waitForDocuments(written.count, second)
        #expect(try await road.terminate(second) == 0)
        let account = Account(written: written, arrived: try road.elasticsearchMessages())
        #expect(account.isEven, "\(account)")
        let calls = try TextFile.read(road.path("calls")).split(separator: "\n")
        #expect(calls.first == "--output=json --no-pager --all --follow --no-tail")
        let document = try #require(try road.receiver.elasticsearch.documents("logs-test").first)
        #expect(document["@timestamp"] as? String == "2026-09-21T14:13:20.000001Z")
        #expect((document["syslog"] as? [String: Int]) == ["priority": 6])
        #expect((document["host"] as? [String: String])?["hostname"] == "h")
        #expect((document["host"] as? [String: String])?["name"] != nil)
    }

    @Test func aProgramThatEndsIsStartedAgain() async throws {
        let road = try await Road()
        try install(road, follows: false)
        try pipeline(road)
        try TextFile.append(entry(1, "one") + "no entry\n" + entry(3, "two"), road.path("journal"))
        let agent = try road.agent()
        try await road.waitForDocuments(2, agent)
        try TextFile.append(entry(4, "three"), road.path("journal"))
        try await road.waitForDocuments(3, agent)
        #expect(try await road.terminate(agent) == 0)
        #expect(try road.elasticsearchMessages().sorted() == ["one", "three", "two"])
        #expect(agent.errors.contains("journalctl has ended (exit status 3); it is started again"))
        #expect(agent.errors.contains("a line of journalctl is no entry"))
        #expect(try TextFile.read(road.path("calls")).contains("--after-cursor=3"))
    }

    @Test func optionsBecomeArguments() async throws {
        let road = try await Road()
        try install(road, follows: true)
        try pipeline(
            road,
            ", seek: tail, units: [a.service], syslog_identifiers: [cron], transports: [kernel], facilities: [3], "
                + "include_matches.match: [_UID=0, +, _UID=1], paths: [\"\(road.folder)\"], merge: true"
        )
        try await road.runOnce()
        #expect(
            try TextFile.read(road.path("calls"))
                == "--output=json --no-pager --all --since=now --directory=\(road.folder) --merge --unit=a.service "
                + "--identifier=cron --facility=3 _TRANSPORT=kernel _UID=0 + _UID=1\n"
        )
    }

    @Test func aProgramThatIsNotThereIsSaid() async throws {
        let road = try await Road()
        try road.pipeline(inputs: ["type: journald, id: a, journalctl_path: /nonexistent/journalctl"])
        let agent = try road.agent()
        try await Poll.until("it is said", tail: { agent.errors }) {
            agent.errors.contains("'/nonexistent/journalctl' cannot be started: No such file or directory")
        }
        #expect(try await road.terminate(agent) == 0)
    }
}
