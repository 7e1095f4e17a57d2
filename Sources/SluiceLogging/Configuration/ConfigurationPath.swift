// SPDX-License-Identifier: Apache-2.0

/// Where a value is in a configuration, as messages write it.
struct ConfigurationPath: CustomStringConvertible {
    private(set) var description = ""

    /// `handlers.app_file`, or `loggers["mlops.prediction"]` where a dot would be ambiguous.
    func member(_ key: String) -> ConfigurationPath {
        let isPlain = !key.isEmpty && key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        if !isPlain { return ConfigurationPath(description: "\(description)[\"\(key)\"]") }
        return ConfigurationPath(description: description.isEmpty ? key : "\(description).\(key)")
    }

    func element(_ index: Int) -> ConfigurationPath { ConfigurationPath(description: "\(description)[\(index)]") }
}
