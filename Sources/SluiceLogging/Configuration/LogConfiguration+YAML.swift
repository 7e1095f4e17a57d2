// SPDX-License-Identifier: Apache-2.0

#if YAML
extension LogConfiguration {
    /// Reads a configuration that is written in YAML, in the schema of ``init(json:)-(String)``, and opens its files.
    ///
    /// ```yaml
    /// version: 1
    /// handlers:
    ///   app_file: &rotating
    ///     class: rotating_file
    ///     filename: /var/log/mlops/app.log
    ///     maxBytes: 10485760
    ///   error_file:
    ///     <<: *rotating
    ///     filename: /var/log/mlops/error.log
    ///     level: ERROR
    /// root: {level: INFO, handlers: [app_file, error_file]}
    /// ```
    ///
    /// It is YAML 1.2: text without quotes is null, a boolean or a number by the core schema, so that `yes`, `on` and
    /// `04:30` are text. Of YAML 1.1 the merge key `<<` is understood. Needs the trait `YAML`.
    ///
    /// - Parameter yaml: one document.
    /// - Throws: all problems, each with its path, and those of the notation with line and column, counted from 1. No
    ///   file is made unless the text is right.
    public init(yaml: String) throws(LogConfigurationError) {
        self = try Self.plan(yaml: yaml).configuration()
    }

    static func plan(yaml: String) throws(LogConfigurationError) -> ConfigurationPlan {
        let problems = ConfigurationProblems()
        let value = ConfigurationYAML.value(of: yaml, problems)
        try problems.throwIfAny()
        guard let value else { throw LogConfigurationError(problems: problems.all) }
        return try ConfigurationPlan(value, problems)
    }
}
#endif
