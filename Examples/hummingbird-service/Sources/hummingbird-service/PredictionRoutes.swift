// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import SluiceLogging

/// `POST /predictions`.
struct PredictionRoutes: Sendable {
    struct Input: Decodable {
        var userID: Int
        var features: [Double]

        enum CodingKeys: String, CodingKey {
            case userID = "user_id"
            case features
        }
    }

    struct Output: ResponseEncodable {
        var probability: Double
        var model: String
    }

    let model: Model
    /// `logging.json` gives this one a file of its own.
    private let log = ContextLogger("mlops.prediction")
    private let errors = ContextLogger("mlops.error")

    init(model: Model) { self.model = model }

    func add(to router: Router<BasicRequestContext>) {
        router.post("predictions") { request, context in try await predict(request, context) }
    }

    private func predict(_ request: Request, _ context: BasicRequestContext) async throws -> Output {
        let input = try await request.decode(as: Input.self, context: context)
        // Hummingbird's own logger, which knows nothing of the request's id, has it in its lines as well.
        context.logger.info("input read", metadata: ["features": .stringConvertible(input.features.count)])
        let start = ContinuousClock.now
        do {
            let probability = try model.probability(of: input.features)
            log.info("prediction served") {
                $0["user_id"] = input.userID
                $0["probability"] = probability
                $0["execution_time"] = start.duration(to: .now)
            }
            return Output(probability: probability, model: model.name)
        } catch {
            errors.error("prediction failed", error: error) { $0["user_id"] = input.userID }
            throw HTTPError(.unprocessableContent, message: error.description)
        }
    }
}
