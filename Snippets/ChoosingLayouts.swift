// What "Layouts" shows.

import Logging
import SluiceLogging

func layouts() throws {
    let file = try RotatingFile(path: "/var/log/mlops/app.log")
    // snippet.layouts
    LogEngine.shared.configure(
        LogConfiguration(outputs: [LogOutput(file, layout: .ecs), LogOutput(.standardError, layout: .text)])
    )
    // snippet.end
}

func ownKeys(_ file: RotatingFile) {
    // snippet.own-keys
    var keys = JSONLayout.Keys()
    keys.timestamp = "ts"
    keys.message = "msg"
    keys.function = nil
    keys.line = nil
    let output = LogOutput(file, layout: .json(keys: keys))
    // snippet.end
    _ = output
}

// snippet.own-layout
struct TabSeparated: LogLayout {
    func write(_ record: borrowing LogRecord, to line: inout LogLine) {
        line.append(LogTime(nanosecondsSince1970: record.time).description)
        line.append("\t")
        line.append(record.level.rawValue)
        line.append("\t")
        line.append(record.logger)
        line.append("\t")
        line.append(record.message)
        line.append("\t{")
        var isFirst = true
        record.forEachField { key, json in
            if !isFirst { line.append(",") }
            isFirst = false
            line.append(json: key)
            line.append(":")
            line.append(json)
        }
        line.append("}")
    }
}
// snippet.end

func ownLayout() {
    // snippet.own-layout-used
    let output = LogOutput(.standardOutput, layout: TabSeparated())
    // snippet.end
    _ = output
}
