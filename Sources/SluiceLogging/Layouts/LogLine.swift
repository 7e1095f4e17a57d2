// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The line that a layout writes.
public struct LogLine: ~Copyable {
    /// The bytes so far.
    unowned(unsafe) let bytes: ByteArena

    init(_ bytes: ByteArena) { unsafe self.bytes = bytes }

    /// Adds text as it is.
    public mutating func append(_ text: StaticString) { unsafe bytes.append(text) }

    /// Adds text as it is.
    @_disfavoredOverload
    public mutating func append(_ text: String) { unsafe bytes.append(text) }

    /// Adds text as a JSON string, with its quotes.
    public mutating func append(json text: String) { unsafe bytes.appendJSONString(text) }

    /// Adds a whole number.
    public mutating func append(_ number: Int) { unsafe bytes.append(decimal: number) }

    /// Adds all fields, context first, each as `,"key":value`. Keys that the layout reserves get an underscore.
    public mutating func appendFields(of record: borrowing LogRecord) { unsafe record.appendFields(to: bytes) }
}
