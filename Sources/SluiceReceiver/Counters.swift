// SPDX-License-Identifier: Apache-2.0

/// What a receiver has done since it started.
package struct Counters: Sendable, Equatable {
    package struct API: Sendable, Equatable {
        /// Entries or documents stored.
        package var events = 0
        /// Repeats that were not stored again.
        package var duplicates = 0
        /// Entries or documents that were refused for good, and requests that could not be read.
        package var refusals = 0
        /// Of lines or documents stored.
        package var bytes = 0
        /// Requests that brought events, whatever became of them.
        package var requests = 0
    }

    package var loki = API()
    package var elasticsearch = API()
}
