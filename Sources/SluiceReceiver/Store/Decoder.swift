// SPDX-License-Identifier: Apache-2.0

/// What a decoding thread keeps from one request to the next.
final class Decoder {
    let content = ContentDecoder()
    let loki: LokiPushDecoder
    let bulk: BulkDecoder

    init(configuration: Receiver.Configuration, kinds: IndexKinds) {
        loki = LokiPushDecoder(limits: configuration.loki)
        bulk = BulkDecoder(kinds: kinds)
    }
}
