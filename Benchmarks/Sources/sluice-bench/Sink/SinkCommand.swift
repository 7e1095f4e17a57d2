// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A server that takes everything, answers as Loki and Elasticsearch would, counts, checks, and keeps nothing.
enum SinkCommand {
    static func run(_ options: Options) throws(ToolError) {
        // Signals are taken by this thread alone, and threads made from here on inherit that.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)

        let recorder: BodyRecorder? =
            if let path = options.text("bodies") { try BodyRecorder(path: path) } else { nil }
        var awaited: [EventKind] = []
        for name in options.list("until") {
            guard let kind = EventKind(rawValue: name) else {
                throw ToolError("--until knows bulk, loki and lines, not `\(name)`", code: 64)
            }
            awaited.append(kind)
        }
        let totals = SinkTotals(expected: try options.number("expect"), awaited: awaited)
        let listener = try Listener(port: try options.number("port") ?? 0)
        Output.line("port \(listener.port)")
        try Thread.start {
            while let descriptor = listener.accept() {
                _ = try? Thread.start { SinkConnection(descriptor, totals: totals, recorder: recorder).serve() }
            }
        }
        var received: Int32 = 0
        unsafe sigwait(&signals, &received)
        Output.line(totals.summary())
        exit(0)
    }
}

/// Lines for whoever started the sink, without delay.
enum Output {
    static func line(_ text: String) {
        var text = text + "\n"
        text.withUTF8 { bytes in _ = unsafe write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
    }
}
