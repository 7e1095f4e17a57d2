// SPDX-License-Identifier: Apache-2.0

/// What happens to a line behind the selector.
package enum PipelineStage {
    case line(LineFilter)
    case label(LabelFilter)
    /// Makes labels of a JSON line's fields.
    case json
    case logfmt
    /// Takes labels away: those of these names, or, with a matcher, of this name and value.
    case drop([Choice])
    case keep([Choice])

    package struct Choice {
        package var name: String
        package var matcher: LabelMatcher?
    }
}
