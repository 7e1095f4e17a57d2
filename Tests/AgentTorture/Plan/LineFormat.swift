// SPDX-License-Identifier: Apache-2.0

/// What a writer's lines look like.
enum LineFormat: String, CaseIterable, Sendable {
    case plain, json
}
