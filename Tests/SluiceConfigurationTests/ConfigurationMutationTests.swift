// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceConfiguration
import SluiceEvents
import TestSupport
import Testing

@Suite struct ConfigurationMutationTests {
    private let pipeline = """
        name: ${NAME:mlops}
        base: &base {flush.timeout: 1s, "a": [1, 2.5, ~, yes]}
        processors:
          - add_fields: {target: "", fields: {service: 'api', environment: !!str 5}}
          - drop_event: {when: {equals: {level: DEBUG}}}
        outputs:
          - <<: *base
            type: loki
            labels: {service: "%{[service]}"}
            text: |
              two
              lines
          # a comment
          - *base
        """

    /// However a file is broken, reading it ends, with a tree or with problems on one line each.
    @Test func brokenFilesAreAnswered() {
        let count = unsafe getenv("SLUICE_MUTATIONS").flatMap { unsafe Int(String(cString: $0)) } ?? 3_000
        var generator = SplitMix64(seed: 42)
        let pieces = [
            "\t", "\n", "- ", ": ", "*base", "&x ", "{", "}", "[", "]", "\"", "'", "${", "$}", "|", ">", "<<: ",
            "? ", "!", "%", "@", "---\n", "...", "#", "\\", "\u{85}", "\u{2028}", "ä", "\u{FEFF}", ",", "  ", "\r",
        ]
        for number in 0..<count {
            var scalars = Array(pipeline.unicodeScalars)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<scalars.count, using: &generator)
                let end = min(scalars.count, place + Int.random(in: 0...6, using: &generator))
                let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                scalars.replaceSubrange(
                    place..<end,
                    with: Bool.random(using: &generator) ? Array(piece.unicodeScalars) : []
                )
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let problems = ConfigurationProblems()
            let node = ConfigurationLoader.load(text: text, file: "p.yml", environment: [:], problems: problems)
            #expect(node != nil || !problems.isEmpty, "mutation \(number): \(text)")
            if let node {
                let section = ConfigurationSection(node, problems: problems)
                _ = section.optionalString("name")
                for output in section.sections("outputs") {
                    _ = output.duration("flush.timeout", default: 0)
                    _ = output.section("a")
                }
                section.finish()
            }
            for problem in problems.sorted {
                #expect(!problem.description.contains("\n"), "mutation \(number): \(text)")
                #expect(problem.position.file == "p.yml")
            }
        }
    }
}
