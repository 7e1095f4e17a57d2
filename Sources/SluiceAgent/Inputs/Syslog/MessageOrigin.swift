// SPDX-License-Identifier: Apache-2.0

/// The field `log` of messages that came from somewhere else.
enum MessageOrigin {
    /// - Parameter address: of the sender, such as `192.0.2.1:514` or `[2001:db8::1]:514`.
    static func json(address: String) -> String { "{\"source\":{\"address\":\(JSONText.string(address))}}" }
}
