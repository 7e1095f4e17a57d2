// SPDX-License-Identifier: Apache-2.0

import CPCRE2

extension RegularExpression {
    /// Why a pattern cannot be used, or why matching was given up.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package var pattern: String
        /// What is wrong, without a full stop.
        package var reason: String
        /// Where in the pattern, in bytes of UTF-8 from its beginning; nil if it was not the pattern's text.
        package var offset: Int?
        /// What to write instead, if that is known.
        package var suggestion: String?

        /// - Parameter code: PCRE2's number of the error.
        init(pattern: String, reason: String, offset: Int? = nil, code: Int32) {
            self.pattern = pattern
            self.reason = reason
            self.offset = offset
            suggestion = Self.suggestion(code)
        }

        /// In the form that Go, and so Loki, gives it.
        package var description: String {
            let place = offset.map { " at offset \($0)" } ?? ""
            return "error parsing regexp: \(reason)\(place): `\(pattern)`"
        }

        private static func suggestion(_ code: Int32) -> String? {
            switch code {
            case PCRE2_ERROR_END_BACKSLASH: "write '\\\\' for a backslash itself"
            case PCRE2_ERROR_UNKNOWN_ESCAPE:
                "letters and digits need no backslash; write '\\\\' for a backslash itself"
            case PCRE2_ERROR_MISSING_SQUARE_BRACKET: "close it with ']', or write '\\[' for a bracket itself"
            case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
                "close it with ')', or write '\\(' for a parenthesis itself"
            case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS: "write '\\)' for a parenthesis itself"
            case PCRE2_ERROR_QUANTIFIER_INVALID: "write '\\*', '\\+' or '\\?' for the sign itself"
            case PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER: "write the smaller number first"
            case PCRE2_ERROR_QUANTIFIER_TOO_BIG: "a repetition goes up to 65535"
            case PCRE2_ERROR_CLASS_RANGE_ORDER, PCRE2_ERROR_CLASS_INVALID_RANGE:
                "write the smaller character first, or '\\-' for a hyphen itself"
            case PCRE2_ERROR_POSIX_CLASS_NOT_IN_CLASS: "write it in two pairs of brackets: '[[:alpha:]]'"
            case PCRE2_ERROR_UNKNOWN_POSIX_CLASS:
                "known are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, xdigit"
            case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY, PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY:
                "write a category such as '\\pN' or '\\p{Lu}', or a script such as '\\p{Greek}'"
            case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH: "give each alternative of the lookbehind a fixed length"
            case PCRE2_ERROR_BACKSLASH_C_CALLER_DISABLED: "write '(?s:.)' for any one character"
            case PCRE2_ERROR_INVALID_AFTER_PARENS_QUERY, PCRE2_ERROR_UNRECOGNIZED_AFTER_QUERY_P:
                "groups are '(…)', '(?:…)' and '(?P<name>…)'; write '\\(' for a parenthesis itself"
            default: nil
            }
        }
    }
}
