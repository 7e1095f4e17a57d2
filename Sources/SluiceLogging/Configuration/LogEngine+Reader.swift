// SPDX-License-Identifier: Apache-2.0

#if Configuration
public import Configuration

extension LogEngine {
    /// Puts the configuration of a reader in force, now and whenever it has changed; see
    /// ``LogConfiguration/init(reader:)`` and ``reload(contentsOfFile:)``.
    ///
    /// ```swift
    /// Task { try await LogEngine.shared.follow(reader.scoped(to: "logging")) }
    /// ```
    ///
    /// A change that has problems changes nothing, and is said in the log. It goes on until its task is cancelled, or
    /// none of the reader's providers will change any more.
    ///
    /// - Parameter reader: with a provider that reloads, such as `ReloadingFileProvider`.
    /// - Throws: what the reader's providers throw.
    public func follow(_ reader: ConfigReader) async throws {
        try await reader.watchSnapshot { snapshots in
            var known: ConfigurationValue?
            for await snapshot in snapshots {
                let problems = ConfigurationProblems()
                let value = ConfigurationKeys(reader: snapshot, problems: problems).value()
                // The reader may know of much that is no business of ours.
                guard value != known else { continue }
                known = value
                do throws(LogConfigurationError) {
                    try reload(ConfigurationPlan(value, problems))
                } catch {
                    EngineNotice.refused(error, in: self)
                }
            }
        }
    }
}
#endif
