// SPDX-License-Identifier: Apache-2.0

import Logging

/// A handler that a configuration describes: a destination, and what goes there in which form.
struct HandlerPlan: Sendable {
    var name: String
    var path: ConfigurationPath
    /// Nil for a handler that writes nothing.
    var destination: DestinationPlan?
    var level: Logger.Level
    var layout: any LogLayout
}
