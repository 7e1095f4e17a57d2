// SPDX-License-Identifier: Apache-2.0

/// Reads the answers of Loki's push API.
///
/// Source: Loki's HTTP API, "Ingest logs", and the behaviour of its distributor: on a validation error it keeps the
/// good lines and answers 400 for the bad ones, so such a request is asked again in halves, never as a whole; what is
/// repeated by that, Loki drops.
enum PushResponse {
    static func judge(_ response: OutputResponse) -> Verdict {
        switch response.status {
        // Ingestion blocked: a 2xx that stores nothing.
        case 260: .hold(status: 260, reason: "Loki has blocked ingestion for this tenant (260): \(response.excerpt)")
        case 200..<300: .delivered
        case 400, 413, 422: .smaller(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        case 429, 500...: .again(reason: "HTTP \(response.status): \(response.excerpt)", after: response.retryAfter)
        default: .hold(status: response.status, reason: "HTTP \(response.status): \(response.excerpt)")
        }
    }
}
