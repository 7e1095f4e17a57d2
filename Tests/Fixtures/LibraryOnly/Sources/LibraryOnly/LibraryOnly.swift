// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceLogging

@main
enum LibraryOnly {
    static func main() {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, destination: .standardOutput) }
        Logger(label: "library-only").info("hello")
    }
}
