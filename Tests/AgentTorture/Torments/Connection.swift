// SPDX-License-Identifier: Apache-2.0

/// Two ways for bytes, for a thread that waits.
protocol Connection: AnyObject {
    /// Whether there is something to receive, or an end.
    func waits(milliseconds: Int32) -> Bool
    /// What has come, added to `bytes`. Waits for it.
    ///
    /// - Returns: false at the end.
    func receive(into bytes: inout [UInt8]) -> Bool
    /// - Returns: false if nobody takes it.
    func send(_ bytes: ArraySlice<UInt8>) -> Bool
    /// Closing will not be a polite end, but a reset.
    func resetsOnClose()
}
