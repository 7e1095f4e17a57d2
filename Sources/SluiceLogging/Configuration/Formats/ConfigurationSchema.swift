// SPDX-License-Identifier: Apache-2.0

#if Configuration
/// Which keys a configuration can have below a name, and what their values are: what must be known to ask for them,
/// where they cannot be listed.
indirect enum ConfigurationSchema: Sendable {
    case string
    case strings
    case integer
    case number
    case boolean
    case object([(key: String, value: ConfigurationSchema)])
    /// A value by itself, or keys below it. Where both are there, the value is that of the key `named`, if that is not nil.
    case either(ConfigurationSchema, named: String?, [(key: String, value: ConfigurationSchema)])

    static let rule = object([("level", .string), ("handlers", .strings), ("propagate", .boolean)])

    static let formatter = object([
        ("layout", .string), ("color", .string), ("time", .string), ("format", .string), ("datefmt", .string),
        (
            "keys",
            .object([
                ("timestamp", .string), ("level", .string), ("logger", .string), ("message", .string),
                ("module", .string), ("function", .string), ("line", .string), ("exception", .string),
            ])
        ),
    ])

    static let sections: [(key: String, value: ConfigurationSchema)] = [
        (
            "redaction",
            .object([
                ("keys", .strings), ("commonKeys", .boolean), ("patterns", .strings), ("replacement", .string),
                ("showsSensitiveValues", .boolean),
            ])
        ),
        ("limits", .object([("valueBytes", .integer), ("lineBytes", .integer)])),
        (
            "sampling",
            .object([
                ("first", .integer), ("thereafter", .integer), ("interval", .number), ("exemptLevel", .string),
            ])
        ),
        ("repeats", .object([("interval", .number)])),
    ]

    static let handler = object([
        ("class", .string), ("formatter", .string), ("level", .string), ("stream", .string), ("filename", .string),
        ("encoding", .string), ("maxBytes", .integer), ("backupCount", .integer), ("when", .string),
        ("atTime", .string), ("timeZone", .string), ("naming", .string), ("maxAgeDays", .number),
        ("maxTotalBytes", .integer), ("interval", .integer), ("utc", .boolean),
        ("compress", .either(.boolean, named: nil, [("level", .integer), ("delay", .integer)])),
        ("sync", .either(.string, named: nil, [("interval", .number), ("level", .string)])),
        (
            "mode",
            .either(
                .string,
                named: "type",
                [
                    ("type", .string), ("maxBytes", .integer), ("interval", .number), ("flushLevel", .string),
                    ("maxLines", .integer), ("overflow", .string), ("dropLevel", .string),
                ]
            )
        ),
    ])
}
#endif
