// SPDX-License-Identifier: Apache-2.0

/// A small model: a case is decided as its nearest neighbours among known cases were.
struct PredictionModel {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let names = ["age", "income", "debt", "balance", "tenure", "payments", "defaults", "inquiries"]

    private let cases: [SIMD8<Float>]
    private let outcomes: [Bool]

    init(cases count: Int) {
        cases = (0..<count).map { _ in Self.anyFeatures() }
        outcomes = cases.map { $0[2] * 2 + $0[6] > $0[1] + $0[4] }
    }

    /// Features between 0 and 1.
    static func anyFeatures() -> SIMD8<Float> { SIMD8((0..<8).map { _ in Float.random(in: 0...1) }) }

    /// The probability of a default, from the five nearest of the known cases.
    ///
    /// - Throws: `Failure` if a feature is not a number.
    func predict(_ features: SIMD8<Float>) throws(Failure) -> Double {
        for (index, name) in Self.names.enumerated() where features[index].isNaN {
            throw Failure(description: "the feature '\(name)' is missing")
        }
        var nearest: [(distance: Float, outcome: Bool)] = []
        for (index, known) in cases.enumerated() {
            let difference = known - features
            let distance = (difference * difference).sum()
            guard nearest.count < 5 || distance < (nearest.last?.distance ?? 0) else { continue }
            if nearest.count == 5 { nearest.removeLast() }
            let place = nearest.firstIndex { $0.distance > distance } ?? nearest.endIndex
            nearest.insert((distance, outcomes[index]), at: place)
        }
        return Double(nearest.count { $0.outcome }) / Double(max(1, nearest.count))
    }
}
