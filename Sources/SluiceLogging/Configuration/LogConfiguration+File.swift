// SPDX-License-Identifier: Apache-2.0

extension LogConfiguration {
    /// Reads a configuration from a file: YAML if its name ends in `.yaml` or `.yml`, JSON otherwise. The schema is that of
    /// ``init(json:)-(String)``.
    ///
    /// - Parameter path: where the file is; relative paths, those in it too, count from the current directory of now.
    /// - Throws: all problems. YAML is one if the library was built without the trait `YAML`.
    public init(contentsOfFile path: String) throws(LogConfigurationError) {
        self = try Self.plan(contentsOfFile: path).configuration()
    }

    static func plan(contentsOfFile path: String) throws(LogConfigurationError) -> ConfigurationPlan {
        let bytes = try ConfigurationFile.read(path)
        let name = path.lowercased()
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return try plan(json: bytes) }
        #if YAML
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LogConfigurationError("\(path) is not UTF-8")
        }
        return try plan(yaml: text)
        #else
        throw LogConfigurationError("SluiceLogging was built without the trait 'YAML', which \(path) needs")
        #endif
    }
}
