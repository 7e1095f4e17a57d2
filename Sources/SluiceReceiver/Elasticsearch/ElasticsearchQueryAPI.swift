// SPDX-License-Identifier: Apache-2.0
struct ElasticsearchQueryAPI {
    let configuration: Receiver.Configuration
    let store: Store
    func answer(_ call: HTTPCall) async throws -> HTTPReply { throw ElasticsearchError(404, "x", "y") }
}
