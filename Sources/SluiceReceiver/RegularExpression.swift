// SPDX-License-Identifier: Apache-2.0

import CPCRE2
package import SluiceBytes

/// A pattern, compiled by PCRE2 and its JIT, with a limit on how long it may try.
///
/// Loki's patterns are RE2's; what both know means the same in both. Not for use from two threads at once.
@safe
package final class RegularExpression {
    package struct Failure: Error, CustomStringConvertible {
        package var pattern: String
        package var reason: String

        package var description: String { "error parsing regexp: \(reason): `\(pattern)`" }
    }

    /// Steps after which a match is given up (PCRE2's default is ten times as many).
    private static let matchLimit: UInt32 = 1_000_000

    package let pattern: String
    private let code: OpaquePointer
    private let data: OpaquePointer
    private let context: OpaquePointer?

    /// - Parameter isWhole: it must match the whole text, not a part of it.
    package init(_ pattern: String, isWhole: Bool, ignoresCase: Bool = false) throws(Failure) {
        self.pattern = pattern
        var options = UInt32(PCRE2_UTF)
        if isWhole { options |= PCRE2_ANCHORED | UInt32(PCRE2_ENDANCHORED) }
        if ignoresCase { options |= UInt32(PCRE2_CASELESS) }
        var number: Int32 = 0
        var offset = 0
        let compiled = unsafe pattern.withByteView { view in
            unsafe pcre2_compile_8(view.base, view.count, options, &number, &offset, nil)
        }
        guard let code = unsafe compiled else {
            var buffer = [UInt8](repeating: 0, count: 256)
            let length = unsafe pcre2_get_error_message_8(number, &buffer, buffer.count)
            let reason = String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
            throw Failure(pattern: pattern, reason: "\(reason) at offset \(offset)")
        }
        guard let data = unsafe pcre2_match_data_create_from_pattern_8(code, nil) else {
            unsafe pcre2_code_free_8(code)
            throw Failure(pattern: pattern, reason: "no memory")
        }
        unsafe self.code = code
        unsafe self.data = data
        unsafe context = pcre2_match_context_create_8(nil)
        if let context = unsafe context { unsafe pcre2_set_match_limit_8(context, Self.matchLimit) }
        // Without a JIT for this machine the interpreter does it.
        unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    }

    deinit {
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_code_free_8(code)
    }

    /// Whether it matches.
    ///
    /// - Parameter text: must be UTF-8.
    package func matches(_ text: ByteView) throws(Failure) -> Bool {
        let result = unsafe pcre2_match_8(code, text.base, text.count, 0, UInt32(PCRE2_NO_UTF_CHECK), data, context)
        if result >= 0 { return true }
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw Failure(pattern: pattern, reason: "the pattern needs too many steps on a text (code \(result))")
    }

    package func matches(_ text: String) throws(Failure) -> Bool {
        try text.withByteView { view throws(Failure) in try matches(view) }
    }
}
