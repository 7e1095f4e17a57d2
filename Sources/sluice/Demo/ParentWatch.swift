// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import SluiceAgent

/// The hidden option of processes that somebody else starts and must not outlive.
struct ParentWatch: ParsableArguments {
    @Flag(help: ArgumentHelp("End at once when the standard input is closed.", visibility: .hidden))
    var endWithInput = false

    /// Watches the standard input, if it is asked for.
    func start() {
        guard endWithInput else { return }
        _ = WorkThread(name: "parent-watch") {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(0, &byte, 1)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                // Nobody is left to wait for an orderly end, and nothing needs one.
                _exit(ExitStatus.software.rawValue)
            }
        }
    }
}
