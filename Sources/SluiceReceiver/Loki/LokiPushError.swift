// SPDX-License-Identifier: Apache-2.0

/// Why a push was refused whole.
package struct LokiPushError: Error {
    package var status: Int
    package var message: String
}
