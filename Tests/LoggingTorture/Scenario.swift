// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging

/// One way of rotating and one of writing, and what is promised then.
struct Scenario {
    enum Rotation: String, CaseIterable {
        case none, size, sizeDated = "size-dated", time, both = "time-and-size-dated", gzip = "size-gzip"
        case timeGzip = "time-dated-gzip"
    }

    enum Mode: String, CaseIterable {
        case immediate, buffered, block, oldest, newest, below
    }

    var rotation: Rotation
    var mode: Mode
    /// Bytes of a file, where size counts.
    var size: Int
    /// Seconds of a file, where the clock counts.
    var period = 1

    init(_ options: Options) throws(Options.Failure) {
        guard let rotation = Rotation(rawValue: try options.text("rotation", default: "size")),
            let mode = Mode(rawValue: try options.text("mode", default: "immediate"))
        else { throw Options.Failure(description: "no such rotation or mode") }
        self.init(rotation: rotation, mode: mode, size: try options.number("size", default: 10 << 20))
        period = try options.number("period", default: 1)
    }

    init(rotation: Rotation, mode: Mode, size: Int) {
        self.rotation = rotation
        self.mode = mode
        self.size = size
    }

    var arguments: [String] {
        ["--rotation", rotation.rawValue, "--mode", mode.rawValue, "--size", String(size)]
    }

    private var policy: RotationPolicy {
        switch rotation {
        case .none: .never
        case .size, .gzip: RotationPolicy(maximumBytes: size)
        case .sizeDated: RotationPolicy(maximumBytes: size, naming: .dated)
        case .time: RotationPolicy(maximumBytes: 0, schedule: .every(seconds: period))
        case .both: RotationPolicy(maximumBytes: size, schedule: .every(seconds: period), naming: .dated)
        case .timeGzip: RotationPolicy(maximumBytes: 0, schedule: .every(seconds: period), naming: .dated)
        }
    }

    private var isCompressed: Bool { rotation == .gzip || rotation == .timeGzip }

    var isDated: Bool { policy.naming == .dated }

    /// Small enough a queue that much is dropped.
    private func queue(_ overflow: QueuePolicy.Overflow) -> WritingMode {
        .background(QueuePolicy(maximumLines: mode == .block ? 1 << 16 : 512, overflow: overflow))
    }

    private var writing: WritingMode {
        switch mode {
        case .immediate: .immediate
        case .buffered: .buffered(BufferPolicy())
        case .block: queue(.block)
        case .oldest: queue(.dropOldest)
        case .newest: queue(.dropNewest)
        case .below: queue(.dropBelow(.warning))
        }
    }

    /// Whether lines may be left out, and are counted.
    var drops: Bool { mode == .oldest || mode == .newest || mode == .below }

    /// Whether a line that may be left out elsewhere is promised all the same.
    func isPromised(_ level: Logger.Level) -> Bool { !drops || (mode == .below && level >= .warning) }

    /// Whether a line is acknowledged when its write returns.
    func acknowledgesAtOnce(_ level: Logger.Level) -> Bool {
        mode == .immediate || (mode == .buffered && level >= .error)
    }

    /// - Parameter run: says whose notices the log has.
    func open(directory: String, run: Int) throws -> any LogDestination {
        let file = try RotatingFile(
            path: directory + "/app.log",
            rotation: policy,
            retention: .unlimited,
            compression: isCompressed ? CompressionPolicy(level: 1) : nil
        )
        return file.writing(writing, notice: DropNotice { dropped, _ in "{\"run\":\(run),\"dropped\":\(dropped)}" })
    }
}
