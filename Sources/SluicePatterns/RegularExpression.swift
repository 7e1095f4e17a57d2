// SPDX-License-Identifier: Apache-2.0

import CPCRE2
import SluiceBytes

/// A pattern, compiled by PCRE2 and its JIT. It does not change; whoever matches with it does so through a
/// `RegularExpressionMatcher` of their own.
///
/// Patterns in configurations and queries are mostly written for Go's RE2. What both know means the same here:
///
/// - `$` is the end of the text and nothing else, `.` is anything but a line feed; `(?s)`, `(?m)`, `(?i)` and `(?U)`
///   change that.
/// - `\d`, `\w`, `\s`, `\b` and `[[:alpha:]]` are ASCII; `\pN`, `\p{Greek}` and `\PL` go by Unicode.
/// - `\z`, `\A`, `\Q…\E`, `(?P<name>…)`, `(?:…)`, `(?i:…)`, `x*?`, `x{2,5}` are the same.
///
/// Beyond RE2 there are lookaround, back references, atomic groups and possessive quantifiers. What differs: `\v` is any
/// vertical white space, not U+000B alone, and `\s` has U+000B too; `\C` is refused, since it would cut characters.
@safe
package final class RegularExpression: Sendable {
    /// The pattern as it was written.
    package let pattern: String
    // Compiled code is only read from here on, by PCRE2's own word safely by many threads.
    nonisolated(unsafe) let code: OpaquePointer
    /// Whether there is machine code for it; without, PCRE2's interpreter does it.
    let isCompiledToMachineCode: Bool

    /// - Parameters:
    ///   - isWhole: it must match the whole text, not a part of it.
    ///   - ignoresCase: as `(?i)` in front of it.
    package init(_ pattern: String, isWhole: Bool = false, ignoresCase: Bool = false) throws(Failure) {
        self.pattern = pattern
        // A line may be any bytes: what is not UTF-8 in it matches nothing, and hurts nothing.
        var options = UInt32(PCRE2_UTF) | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY
        if isWhole { options |= PCRE2_ANCHORED | UInt32(PCRE2_ENDANCHORED) }
        if ignoresCase { options |= UInt32(PCRE2_CASELESS) }
        let context = unsafe pcre2_compile_context_create_8(nil)
        defer { unsafe pcre2_compile_context_free_8(context) }
        if let context = unsafe context { unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF)) }
        var number: Int32 = 0
        var offset = 0
        let compiled = unsafe pattern.withByteView { view in
            unsafe pcre2_compile_8(view.base, view.count, options, &number, &offset, context)
        }
        guard let code = unsafe compiled else {
            throw Failure(pattern: pattern, reason: Self.message(number), offset: offset, code: number)
        }
        isCompiledToMachineCode = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
        unsafe self.code = code
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// A new matcher for one user.
    package func makeMatcher() throws(Failure) -> RegularExpressionMatcher { try RegularExpressionMatcher(self) }

    /// PCRE2's own words for one of its error codes.
    static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe pcre2_get_error_message_8(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}
