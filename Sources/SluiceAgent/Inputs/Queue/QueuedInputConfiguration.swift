// SPDX-License-Identifier: Apache-2.0

/// An input whose events go through a queue, as it was configured.
protocol QueuedInputConfiguration: InputConfiguration {
    var queue: QueueOptions { get }
}

extension HTTPInputOptions: QueuedInputConfiguration {}
extension JournalInputOptions: QueuedInputConfiguration {}
extension StandardInputOptions: QueuedInputConfiguration {}
extension SyslogInputOptions: QueuedInputConfiguration {}
