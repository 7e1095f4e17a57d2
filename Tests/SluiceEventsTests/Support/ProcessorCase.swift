// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

/// A line, processors, and the document that comes out.
struct ProcessorCase: Sendable, CustomTestStringConvertible {
    var name: String
    var line: String
    var processors: ConfigurationNode
    var document: String

    init(_ name: String, _ line: String, _ processors: ConfigurationNode, _ document: String) {
        self.name = name
        self.line = line
        self.processors = processors
        self.document = document
    }

    var testDescription: String { name }
}
