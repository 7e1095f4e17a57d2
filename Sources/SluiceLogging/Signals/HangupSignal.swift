// SPDX-License-Identifier: Apache-2.0

/// SIGHUP, by which `logrotate` and others tell a process that its log files were moved away, and operators that its
/// configuration was changed.
///
/// ```swift
/// HangupSignal.reopensFiles()
/// HangupSignal.reloads(contentsOfFile: "/etc/mlops/logging.yaml")
/// ```
///
/// Without it files that were moved away are noticed all the same, within a tenth of a second; by the signal it is at
/// the next line. It does not stand in the way of other users of SIGHUP: a handler that was there before is called as
/// well, and one that is set up later, such as swift-service-lifecycle's, takes over.
public enum HangupSignal {
    /// From now on each ``RotatingFile`` of the process is opened anew at its first line after a SIGHUP. Call it once
    /// a process, before what may come to wait for the signal.
    public static func reopensFiles() { HeededSignal.hangup.heed() }

    /// From now on SIGHUP puts the configuration of a file in force anew, as ``LogEngine/reload(contentsOfFile:)`` does,
    /// and files are reopened. It is said in the log, and what is wrong with the file on the standard error, too.
    ///
    /// A thread of its own does it. A forked process does not, unless it asks for it again.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path counts from the current directory of then.
    ///   - engine: whose configuration it is.
    public static func reloads(contentsOfFile path: String, engine: LogEngine = .shared) {
        SignalThread.after(.hangup) { _ in
            do throws(LogConfigurationError) {
                try engine.reload(contentsOfFile: path)
                EngineNotice.reloaded(path, in: engine)
            } catch {
                for problem in error.problems {
                    StandardStream.complain("\(problem); the configuration stays as it was")
                }
                EngineNotice.refused(error, in: engine)
            }
        }
    }

    /// How often it has come.
    @inline(__always)
    static var count: Int { HeededSignal.hangup.count }
}
