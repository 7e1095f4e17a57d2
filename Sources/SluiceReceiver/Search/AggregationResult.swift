// SPDX-License-Identifier: Apache-2.0

/// What an aggregation came to, as it stands in the answer.
struct AggregationResult {
    var name: String
    var value: JSONValue
}
