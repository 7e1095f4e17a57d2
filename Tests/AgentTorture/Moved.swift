// SPDX-License-Identifier: Apache-2.0

/// A value on its way to the one thread that uses it.
struct Moved<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
