// SPDX-License-Identifier: Apache-2.0

/// How parsed JSON becomes an event: Filebeat's options of the same names.
///
/// Source: Filebeat's reference, `json.*` of the log input. The defaults are Sluice's own: fields at the root, the
/// line's word counts, and a line that is not JSON says so.
package struct JSONParserOptions: Sendable, Equatable {
    /// Fields become the event's own; otherwise they stand under `json`.
    package var keysUnderRoot = true
    /// The line's fields win over those the agent adds, and its `@timestamp` becomes the event's time.
    package var overwriteKeys = true
    /// A line that is not JSON gets the field `error`.
    package var addErrorKey = true
    /// The field that must hold the message, a string; nil if it does not matter.
    package var messageKey: String?
    /// `{"a.b": 1}` becomes `{"a": {"b": 1}}`.
    package var expandKeys = false

    /// `type` is taken only if it is text that is not empty and does not begin with an underscore. Old versions of
    /// Elasticsearch needed that; natively, a line may have any `type` it likes.
    package var checksType = false

    package init() {}

    /// Reads `keys_under_root`, `overwrite_keys`, `add_error_key`, `message_key` and `expand_keys`.
    package init(_ section: ConfigurationSection) {
        keysUnderRoot = section.boolean("keys_under_root", default: true)
        overwriteKeys = section.boolean("overwrite_keys", default: true)
        addErrorKey = section.boolean("add_error_key", default: true)
        messageKey = section.optionalString("message_key")
        expandKeys = section.boolean("expand_keys", default: false)
    }

    /// The same with Filebeat's names and defaults: an input's `json:`.
    package init(filebeat section: ConfigurationSection) {
        keysUnderRoot = section.boolean("keys_under_root", default: false)
        overwriteKeys = section.boolean("overwrite_keys", default: false)
        addErrorKey = section.boolean("add_error_key", default: false)
        messageKey = section.optionalString("message_key")
        expandKeys = section.boolean("expand_keys", default: false)
        checksType = true
        // It only says what is written to Filebeat's own log.
        section.accept("ignore_decoding_error")
        if let node = section.node("document_id"), !node.isNull {
            section.report(
                node,
                "\(node.path) is not supported yet",
                suggestion: "remove it: every event has an id of its own, the same when it is sent again"
            )
        }
    }
}
