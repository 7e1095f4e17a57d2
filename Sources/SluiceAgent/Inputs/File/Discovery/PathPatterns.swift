// SPDX-License-Identifier: Apache-2.0

/// Several patterns, followed name by name from the root: at each directory it is known what may still match below.
package struct PathPatterns: Sendable {
    /// How far a pattern has come.
    struct Place: Hashable, Sendable {
        var pattern: Int
        /// So many of its components have been matched.
        var position: Int
    }

    private let patterns: [PathPattern]

    private init(patterns: [PathPattern]) { self.patterns = patterns }

    /// - Throws: of the first pattern that is wrong.
    package init(_ texts: [String]) throws(PathPatternError) {
        var patterns: [PathPattern] = []
        for text in texts { patterns += try PathPattern.parse(text) }
        self.init(patterns: patterns)
    }

    /// Nothing matches.
    static let none = PathPatterns(patterns: [])

    /// At the root directory.
    var root: [Place] { closure(patterns.indices.map { Place(pattern: $0, position: 0) }) }

    /// `**` may stand for no directory.
    private func closure(_ places: [Place]) -> [Place] {
        var result: [Place] = []
        for place in places {
            var place = place
            while !result.contains(place) {
                result.append(place)
                guard component(place) == .directories else { break }
                place.position += 1
            }
        }
        return result
    }

    private func component(_ place: Place) -> PathPattern.Component? {
        let components = patterns[place.pattern].components
        return place.position < components.count ? components[place.position] : nil
    }

    /// What is left of the patterns behind a name in a directory.
    func advance(_ places: [Place], _ name: String) -> [Place] {
        var next: [Place] = []
        for place in places {
            switch component(place) {
            case .name(let pattern):
                if pattern.literal.map({ $0 == name }) ?? pattern.matches(name) {
                    next.append(Place(pattern: place.pattern, position: place.position + 1))
                }
            case .directories: if !name.hasPrefix(".") { next.append(place) }
            case nil: break
            }
        }
        return next.isEmpty ? next : closure(next)
    }

    /// Whether a pattern ends here: what has this path matches.
    func isMatch(_ places: [Place]) -> Bool { places.contains { component($0) == nil } }

    /// The places from which something below may match.
    func below(_ places: [Place]) -> [Place] { places.filter { component($0) != nil } }

    /// Whether files of a directory may match, and not only what lies in its directories.
    func hasFiles(_ places: [Place]) -> Bool {
        places.contains { place in
            if case .name = component(place) {
                place.position == patterns[place.pattern].components.count - 1
            } else {
                false
            }
        }
    }

    /// The names that may match in a directory, if they are known beforehand: it need not be listed.
    func names(_ places: [Place]) -> [String]? {
        var names: [String] = []
        for place in places {
            guard case .name(let pattern) = component(place), let literal = pattern.literal else { return nil }
            if !names.contains(literal) { names.append(literal) }
        }
        return names
    }

    /// Whether an absolute path matches.
    package func matches(_ path: String) -> Bool { isMatch(places(path)) }

    /// What is left of the patterns behind an absolute path.
    func places(_ path: String) -> [Place] {
        var places = root
        for name in path.split(separator: "/") {
            if places.isEmpty { break }
            places = advance(places, String(name))
        }
        return places
    }
}
