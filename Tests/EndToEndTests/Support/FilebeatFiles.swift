// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What Filebeat's registry has of one file: a key, and the members of its value.
struct FilebeatState {
    var key: String
    var fields: String
}

/// A change in Filebeat's `log.json`, with its number.
enum FilebeatChange {
    case set(Int, FilebeatState)
    case remove(Int, FilebeatState)

    var lines: String {
        switch self {
        case .set(let number, let state):
            #"{"op":"set","id":\#(number)}"# + "\n" + #"{"k":"\#(state.key)","v":{\#(state.fields)}}"# + "\n"
        case .remove(let number, let state):
            #"{"op":"remove","id":\#(number)}"# + "\n" + #"{"k":"\#(state.key)"}"# + "\n"
        }
    }
}

/// A data directory as Filebeat has it.
struct FilebeatFiles {
    let registry: String

    init(_ folder: String) throws {
        registry = folder + "/registry/filebeat"
        try FileManager.default.createDirectory(atPath: registry, withIntermediateDirectories: true)
        try TextFile.write(#"{"version":"1"}"#, registry + "/meta.json")
    }

    /// - Parameter tail: what follows the last whole change.
    func write(checkpoint: (Int, [FilebeatState])?, log: [FilebeatChange], tail: String = "") throws {
        try TextFile.write(log.map(\.lines).joined() + tail, registry + "/log.json")
        guard let checkpoint else { return }
        try write(checkpoint: checkpoint, named: "\(checkpoint.0).json")
        try TextFile.write(registry + "/\(checkpoint.0).json", registry + "/active.dat")
    }

    func write(checkpoint: (Int, [FilebeatState]), named name: String) throws {
        let states = checkpoint.1.map { #"{"_key":"\#($0.key)",\#($0.fields)}"# }
        try TextFile.write("[\n" + states.joined(separator: ",\n") + "\n]", registry + "/" + name)
    }
}
