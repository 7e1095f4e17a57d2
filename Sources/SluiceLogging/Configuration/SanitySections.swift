// SPDX-License-Identifier: Apache-2.0

/// What keeps logs sane, as far as a configuration has sections for it: nil where it has none.
struct SanitySections: Sendable {
    var redaction: LogRedaction?
    var limits: LogLimits?
    /// `.some(nil)` turns it off.
    var sampling: LogSampling??
    var repeats: LogRepeats??

    /// Puts the sections in force that there are. Of the others stays what was in force before, but for what sections of
    /// an earlier reading had put there: in its place comes back what it had replaced.
    ///
    /// - Parameter old: the configuration that was in force.
    func apply(to configuration: inout LogConfiguration, over old: LogConfiguration) {
        let replaced = old.replaced
        let byHand = SanitySections(
            redaction: replaced.redaction ?? old.redaction,
            limits: replaced.limits ?? old.limits,
            sampling: replaced.sampling ?? old.sampling,
            repeats: replaced.repeats ?? old.repeats
        )
        configuration.redaction = redaction ?? byHand.redaction ?? LogRedaction()
        configuration.limits = limits ?? byHand.limits ?? LogLimits()
        configuration.sampling = (sampling ?? byHand.sampling) ?? nil
        configuration.repeats = (repeats ?? byHand.repeats) ?? nil
        configuration.replaced = SanitySections(
            redaction: redaction == nil ? nil : byHand.redaction,
            limits: limits == nil ? nil : byHand.limits,
            sampling: sampling == nil ? nil : byHand.sampling,
            repeats: repeats == nil ? nil : byHand.repeats
        )
    }
}
