// SPDX-License-Identifier: Apache-2.0

extension LogEngine {
    /// Puts the configuration of a file in force, for loggers that exist too; see
    /// ``LogConfiguration/init(contentsOfFile:)``. Levels set by hand are forgotten.
    ///
    /// It may be called again whenever the file was changed: handlers that are described as they were before, but for
    /// level and formatter, keep their destinations, so that nothing is closed or opened for a changed level.
    /// Destinations that are no longer used are flushed, and those that a file had described are closed; a line that is
    /// on its way to one is still written. Sections that the file does not have (`redaction`, `limits`,
    /// `sampling`, `repeats`) leave in force what was set in Swift; what such a section had set goes with it.
    ///
    /// - Parameter path: where the file is.
    /// - Throws: all problems of the file, in which case nothing is changed.
    public func reload(contentsOfFile path: String) throws(LogConfigurationError) {
        try reload(LogConfiguration.plan(contentsOfFile: path))
    }

    /// Opens what the plan needs and is not open yet, and puts it in force.
    func reload(_ plan: ConfigurationPlan) throws(LogConfigurationError) {
        let old = configuration
        let new = try plan.configuration(after: old)
        configure(new)
        let kept = Set(
            (new.allOutputs.map(\.destination) + new.configured.map(\.destination)).map(ObjectIdentifier.init)
        )
        for output in old.allOutputs where !kept.contains(ObjectIdentifier(output.destination)) {
            output.destination.flush()
        }
        for gone in old.configured where !kept.contains(ObjectIdentifier(gone.destination)) {
            (gone.destination as? any RetirableDestination)?.retire()
        }
    }
}
