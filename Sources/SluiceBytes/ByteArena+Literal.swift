// SPDX-License-Identifier: Apache-2.0

extension ByteArena {
    /// Writes a literal.
    ///
    /// `append("…")` means the function that takes a `String`: of two overloads that take the same literal, the compiler
    /// prefers the literal's default type. With a label the literal is what it is, a row of bytes.
    @inlinable
    @inline(__always)
    package func append(literal: StaticString) { append(ByteView(literal)) }
}
