// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// What one line of a container's log says.
package struct ContainerLine: Equatable {
    /// Why a line is none.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case json(JSONError)
        case missing(StaticString)
        case noString(StaticString)
        case time
        case stream
        case form

        package var description: String {
            switch self {
            case .json(let error): "the line is not Docker's JSON: \(error)"
            case .missing(let key): "the line has no \(key)"
            case .noString(let key): "\(key) is not a string"
            case .time: "the time is not as in 2026-11-22T03:32:00.123456789Z"
            case .stream: "the stream is neither stdout nor stderr"
            case .form: "the line is not 'TIME STREAM TAGS TEXT'"
            }
        }

        package static func == (left: Self, right: Self) -> Bool { left.description == right.description }
    }

    /// The text in the arena, without a line end.
    package var text: Range<Int>
    package var stream: ContainerStream
    /// Nanoseconds since 1970.
    package var time: Int64
    /// With how many fraction digits of a second the time was given.
    package var timeDigits: Int
    /// The text goes on in the next line of the stream.
    package var isPartial: Bool
    /// Docker's `attrs`, a JSON object in the arena; empty if there is none.
    package var attributes: Range<Int>
}
