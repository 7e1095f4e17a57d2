// SPDX-License-Identifier: Apache-2.0

/// Why a push was refused whole.
struct LokiPushError: Error {
    var status: Int
    var message: String
}
