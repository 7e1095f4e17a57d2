// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `sluice demo` prints, read back, and what it runs.
enum DemoOutput {
    /// The numbers of a backend's line among the totals, by the words before them.
    static func total(_ backend: String, in output: String) -> [String: Int]? {
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 9, words[0] == backend, words[1] == "written" else { continue }
            var numbers: [String: Int] = [:]
            for position in stride(from: 1, to: words.count - 1, by: 2) {
                numbers[words[position]] = Int(words[position + 1].filter { $0 != "," })
            }
            return numbers
        }
        return nil
    }

    /// The folder that its files lie in.
    static func folder(in output: String) -> String? {
        let suffix = "/pipeline.yml"
        for line in output.split(separator: "\n") where line.hasPrefix("  pipeline  ") && line.hasSuffix(suffix) {
            return String(line.dropFirst("  pipeline  ".count).dropLast(suffix.count))
        }
        return nil
    }

    /// The processes with a text in their command lines, by their numbers, with their subcommands.
    static func processes(mentioning text: String) -> [pid_t: String] {
        var found: [pid_t: String] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let identifier = pid_t(name), let line = try? TextFile.read("/proc/\(name)/cmdline") else { continue }
            let words = line.split(separator: "\0").map(String.init)
            if words.dropFirst(2).contains(where: { $0.contains(text) }) { found[identifier] = words[1] }
        }
        return found
    }
}
