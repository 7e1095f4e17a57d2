// SPDX-License-Identifier: Apache-2.0

/// What no line may show.
///
/// ```swift
/// configuration.redaction = LogRedaction(
///     keys: LogRedaction.commonKeys + ["iban"],
///     patterns: [.creditCardNumbers, .bearerTokens, .emailAddresses]
/// )
/// ```
///
/// - **Keys**: the value of a field with one of these keys is replaced whole, at any depth. Upper and lower case of ASCII
///   letters are the same.
/// - **Patterns**: what they find is replaced wherever text is: in messages, in values, in errors.
/// - **Values that say so**: `.sensitive(…)`, of swift-log's metadata and of ``LogFields``, is replaced whatever the key.
public struct LogRedaction: Sendable {
    /// Keys whose values are replaced.
    public var keys: [String]
    /// What is replaced within text.
    public var patterns: [LogPattern]
    /// What stands there instead.
    public var replacement: String
    /// Whether `.sensitive(…)` values are shown after all, as may be right on a developer's machine.
    public var showsSensitiveValues: Bool

    /// Creates a redaction; the one without arguments replaces `.sensitive(…)` values and nothing else.
    public init(
        keys: [String] = [],
        patterns: [LogPattern] = [],
        replacement: String = "[redacted]",
        showsSensitiveValues: Bool = false
    ) {
        self.keys = keys
        self.patterns = patterns
        self.replacement = replacement
        self.showsSensitiveValues = showsSensitiveValues
    }

    /// Keys under which services keep what nobody should read.
    public static let commonKeys = [
        "password", "passwd", "secret", "client_secret", "token", "access_token", "refresh_token", "id_token",
        "api_key", "apikey", "x-api-key", "authorization", "proxy-authorization", "cookie", "set-cookie", "private_key",
        "credit_card", "card_number", "cvv",
    ]

    /// It is what an engine does that was told nothing.
    var isDefault: Bool {
        keys.isEmpty && patterns.isEmpty && replacement == "[redacted]" && !showsSensitiveValues
    }
}
