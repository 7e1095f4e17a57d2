// SPDX-License-Identifier: Apache-2.0

/// `from`: what an output gets that is added to a pipeline which has run before.
enum OutputStart: String, CaseIterable, Sendable {
    /// What is read from now on.
    case now
    /// All that is still there.
    case beginning
}
