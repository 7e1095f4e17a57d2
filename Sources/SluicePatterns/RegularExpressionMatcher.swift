// SPDX-License-Identifier: Apache-2.0

import CPCRE2
package import SluiceBytes

/// Matches one pattern, with a limit on how long it may try. Has the memory that a match needs, so it belongs to one
/// thread at a time; several matchers may share a pattern.
@safe
package final class RegularExpressionMatcher {
    /// Steps after which a match is given up (PCRE2's default is ten times as many).
    private static let matchLimit: UInt32 = 1_000_000
    /// How deep the interpreter may nest; machine code has a stack of its own instead.
    private static let depthLimit: UInt32 = 100_000
    /// What the interpreter may take from the heap, in KiB.
    private static let heapLimit: UInt32 = 16 << 10
    /// Machine code's stack, in bytes: what is used at first, and what it may grow to.
    private static let stackSize = (first: 32 << 10, most: 1 << 20)

    package let expression: RegularExpression
    private let code: OpaquePointer
    private let data: OpaquePointer
    private let context: OpaquePointer
    private let stack: OpaquePointer?
    private let isCompiledToMachineCode: Bool

    package init(_ expression: RegularExpression) throws(RegularExpression.Failure) {
        self.expression = expression
        unsafe code = expression.code
        isCompiledToMachineCode = expression.isCompiledToMachineCode
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else { throw Self.noMemory(expression) }
        guard let context = unsafe pcre2_match_context_create_8(nil) else {
            unsafe pcre2_match_data_free_8(data)
            throw Self.noMemory(expression)
        }
        unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        unsafe pcre2_set_depth_limit_8(context, Self.depthLimit)
        unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
        var stack: OpaquePointer?
        if isCompiledToMachineCode {
            unsafe stack = pcre2_jit_stack_create_8(Self.stackSize.first, Self.stackSize.most, nil)
            if let stack = unsafe stack {
                unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
            }
        }
        unsafe self.data = data
        unsafe self.context = context
        unsafe self.stack = stack
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_jit_stack_free_8(stack)
    }

    /// Whether the pattern matches. Bytes that are not UTF-8 match nothing.
    ///
    /// - Throws: if the pattern needs too many steps, or too much memory, on this text.
    package func matches(_ text: ByteView) throws(RegularExpression.Failure) -> Bool {
        // The direct way into machine code leaves out checks that have been made once, when it was compiled.
        let result =
            isCompiledToMachineCode
            ? unsafe pcre2_jit_match_8(code, text.base, text.count, 0, 0, data, context)
            : unsafe pcre2_match_8(code, text.base, text.count, 0, 0, data, context)
        if result >= 0 { return true }
        // Beside 'no match' there is 'partial match', which is not asked for.
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw RegularExpression.Failure(
            pattern: expression.pattern,
            reason: "the pattern needs too many steps on a text (\(RegularExpression.message(result)))",
            code: result
        )
    }

    package func matches(_ text: String) throws(RegularExpression.Failure) -> Bool {
        try text.withByteView { view throws(RegularExpression.Failure) in try matches(view) }
    }

    private static func noMemory(_ expression: RegularExpression) -> RegularExpression.Failure {
        RegularExpression.Failure(
            pattern: expression.pattern,
            reason: "no memory for matching",
            code: PCRE2_ERROR_NOMEMORY
        )
    }
}
