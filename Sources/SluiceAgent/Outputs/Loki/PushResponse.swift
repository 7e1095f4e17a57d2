// SPDX-License-Identifier: Apache-2.0

/// Reads the answers of Loki's push API.
///
/// Source: Loki's HTTP API, "Ingest logs", and the behaviour of its distributor: on a validation error it keeps the
/// good lines and answers 400 for the bad ones, so such a request is asked again in halves, never as a whole; what is
/// repeated by that, Loki drops. Its yes is 204, which says nothing; where ingestion is blocked, the status is
/// configurable, 200 included, and words come with it, as from a proxy's page of HTML.
enum PushResponse {
    static func judge(_ response: OutputResponse) -> Verdict {
        switch response.status {
        // Ingestion blocked: a 2xx that stores nothing.
        case 260: .hold(status: 260, reason: "Loki has blocked ingestion for this tenant (260): \(response.excerpt)")
        case 204: .delivered
        case 200 where response.body.isEmpty: .delivered
        case 200..<300:
            .hold(
                status: response.status,
                reason: "HTTP \(response.status), where a Loki's yes is 204 and says nothing: \(response.excerpt)"
            )
        case 400, 413, 422: .smaller(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        case 408, 425, 429, 500...:
            .again(reason: "HTTP \(response.status): \(response.excerpt)", after: response.retryAfter)
        default: .hold(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        }
    }
}
