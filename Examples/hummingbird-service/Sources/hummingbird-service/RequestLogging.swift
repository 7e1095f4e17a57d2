// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import SluiceLogging

/// Gives each request an id, which all lines that are logged while it is handled carry, and logs how it ended.
///
/// It comes first, so that what the others log is within its context.
struct RequestLogging<Context: RequestContext>: RouterMiddleware {
    private let log = ContextLogger("mlops.access")

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let identifier = RequestIdentifier(of: request)
        return try await withLogContext(["request_id": identifier.text]) {
            let start = ContinuousClock.now
            var failure: (any Error)?
            var response: Response
            do {
                response = try await next(request, context)
            } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            } catch {
                failure = error
                response = Response(status: .internalServerError)
            }
            response.headers.requestIdentifier = identifier.text
            // The query is left out: it may hold what nobody should read.
            log.log(level: response.status.code < 500 ? .info : .error, "request handled", error: failure) {
                $0["method"] = request.method.rawValue
                $0["path"] = request.uri.path
                $0["status"] = response.status.code
                $0["duration"] = start.duration(to: .now)
            }
            return response
        }
    }
}
