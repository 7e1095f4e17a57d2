// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `--name value` pairs of the command line.
struct Options {
    private var values: [String: String] = [:]

    init(_ arguments: ArraySlice<String>) throws(Failure) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else {
                throw Failure("expected --name value, found \(name)")
            }
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String) throws(Failure) -> String {
        guard let value = values[name] else { throw Failure("--\(name) is missing") }
        return value
    }

    /// The path of a directory, without symbolic links. What an earlier run left in it would be taken for this one's.
    func emptyDirectory(_ name: String) throws(Failure) -> String {
        let path = try text(name)
        guard let resolved = unsafe realpath(path, nil), let entries = unsafe opendir(resolved) else {
            throw Failure("there is no directory \(path)")
        }
        defer {
            unsafe closedir(entries)
            unsafe free(resolved)
        }
        var count = 0
        while unsafe readdir(entries) != nil { count += 1 }
        guard count <= 2 else {
            throw Failure("there is something in \(path) already: --\(name) takes an empty directory")
        }
        return unsafe String(cString: resolved)
    }

    func text(_ name: String, default standard: String) -> String { values[name] ?? standard }

    func number(_ name: String, default standard: Int? = nil) throws(Failure) -> Int {
        guard let value = values[name], !value.isEmpty else {
            guard let standard else { throw Failure("--\(name) is missing") }
            return standard
        }
        guard let number = Int(value), number >= 0 else {
            throw Failure("--\(name) takes a whole number that is not negative, and not '\(value)'")
        }
        return number
    }

    /// Names with commas between them.
    func names(_ name: String) -> [String] { values[name]?.split(separator: ",").map(String.init) ?? [] }
}
