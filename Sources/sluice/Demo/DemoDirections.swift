// SPDX-License-Identifier: Apache-2.0

/// Where to look next.
struct DemoDirections {
    let folder: DemoFolder
    /// `http://127.0.0.1:3100`
    let loki: String
    let elasticsearch: String

    func show(on screen: Screen) {
        let sluice = ShellWord.plain(CommandLine.arguments.first ?? "sluice")
        screen.print()
        screen.heading("Where to look next")
        screen.print("  README.md explains a pipeline key by key; pipelines/ has some to start from.")
        screen.print("  The same by hand, each in its own terminal; Loki's API is at port 3100 then, and Grafana takes")
        screen.print("  http://127.0.0.1:3100 as a Loki data source; Elasticsearch's API is at port 9200:")
        screen.print("    \(sluice) receive")
        screen.print("    \(sluice) run pipelines/mlops.yml")
        if folder.isKept {
            screen.print("  All files of this demo are in \(folder.path). To ask more of its data with")
            screen.print("  the commands above, or with Grafana (a Loki data source at \(loki)):")
            screen.print(
                "    \(sluice) receive --loki \(Self.port(loki)) --elasticsearch \(Self.port(elasticsearch)) "
                    + "--data \(ShellWord.plain(folder.data))"
            )
        } else {
            screen.print("  To keep the data of a demo, and ask it more:")
            screen.print("    \(sluice) demo --keep demo-files")
        }
    }

    private static func port(_ address: String) -> Substring { address.dropFirst("http://".count) }
}
