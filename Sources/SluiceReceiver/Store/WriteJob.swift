// SPDX-License-Identifier: Apache-2.0

/// Something to be written, together with whatever else waits.
protocol WriteJob: AnyObject, Sendable {
    /// Writes, on the writer's thread, inside a transaction that it shares with other jobs. Throws only if the
    /// database fails: then all of them are taken back.
    func apply(to session: WriteSession) throws

    /// Called once, after the commit or the failure.
    func finish(_ result: Result<Void, any Error>)
}
