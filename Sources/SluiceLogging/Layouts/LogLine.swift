// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// The line that a layout writes.
@safe
public struct LogLine: ~Copyable {
    /// The bytes so far.
    var bytes: ByteArena { unsafe reference.takeUnretainedValue() }
    // It outlives the line. As a reference it would be retained and released at every use.
    private let reference: Unmanaged<ByteArena>

    init(_ bytes: ByteArena) { unsafe reference = Unmanaged.passUnretained(bytes) }

    @inline(__always)
    func withBytes(_ body: (ByteArena) -> Void) { unsafe reference._withUnsafeGuaranteedRef { body($0) } }

    /// Adds text as it is.
    public mutating func append(_ text: StaticString) { bytes.append(text) }

    /// Adds text as it is.
    @_disfavoredOverload
    public mutating func append(_ text: some StringProtocol) { bytes.append(String(text)) }

    /// Adds text as a JSON string, with its quotes.
    public mutating func append(json text: String) { bytes.appendJSONString(text) }

    /// Adds a whole number.
    public mutating func append(_ number: Int) { bytes.append(decimal: number) }

    /// Adds all fields, context first, each as `,"key":value`. Keys that the layout reserves get an underscore.
    public mutating func appendFields(of record: borrowing LogRecord) { record.appendFields(to: bytes) }
}
