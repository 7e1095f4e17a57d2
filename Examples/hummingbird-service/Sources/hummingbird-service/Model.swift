// SPDX-License-Identifier: Apache-2.0

import Foundation
import SluiceLogging

/// A logistic regression, small enough to read.
struct Model {
    let name = "credit-v2"
    private let weights = [0.8, -1.2, 0.35, 0.1]
    private let bias = -0.25

    /// - Returns: a probability, 0 to 1.
    func probability(of features: [Double]) throws(ModelError) -> Double {
        guard features.count == weights.count else {
            throw ModelError(model: name, expected: weights.count, found: features.count)
        }
        let sum = zip(weights, features).reduce(bias) { $0 + $1.0 * $1.1 }
        return 1 / (1 + exp(-sum))
    }
}

/// The model was given what it cannot work on.
struct ModelError: LoggableError, CustomStringConvertible {
    let model: String
    let expected: Int
    let found: Int

    var description: String { "the model takes \(expected) features, and was given \(found)" }
    var logMetadata: LogMetadata { ["model": model, "expected": expected, "found": found] }
}
