// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// Where events come from. An input has a thread of its own, on which `run` fills batches and hands them over. Adding a
/// kind of input is a folder and a line in `InputTable`.
package protocol Input: AnyObject, Sendable {
    var counters: InputCounters { get }
    /// Reads until it is stopped, or until nothing more can come. Blocks.
    func run()
    /// Ends `run` soon, from another thread. What has been read is handed on, or kept.
    func stop()
    /// How its files stand; none for what has no files. Nil if its thread does not get to it within `nanoseconds`.
    func fileReports(nanoseconds: Int64) async -> [FileReport]?
}

extension Input {
    package func fileReports(nanoseconds: Int64) async -> [FileReport]? { [] }
}

/// An input as it was configured.
package protocol InputConfiguration: Sendable {
    /// Its name in metrics and in state, unique in its pipeline.
    var name: String { get }
    /// Whether its events go through a queue in state.
    var isQueued: Bool { get }
    /// How its events become fields, where that is not the user's choice.
    var ownParser: (@Sendable () -> any EventParser)? { get }
    /// Filebeat's options for JSON, where its section asks for it.
    func json(in section: ConfigurationSection) -> JSONParserOptions?
    /// Makes the input, and takes what it needs of the system, such as ports.
    func makeInput(_ environment: InputEnvironment) throws -> any Input
}

extension InputConfiguration {
    package var ownParser: (@Sendable () -> any EventParser)? { nil }

    package func json(in section: ConfigurationSection) -> JSONParserOptions? {
        guard let json = section.node("json"), !json.isNull else { return nil }
        return section.section("json").map { JSONParserOptions(filebeat: $0) }
    }
}
