// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration

/// Where progress is kept when nobody says.
enum StateLocation {
    static var standard: String {
        if geteuid() == 0 { return "/var/lib/sluice" }
        let environment = ProcessEnvironment.variables
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/sluice" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/state/sluice" }
        return ".sluice"
    }
}
