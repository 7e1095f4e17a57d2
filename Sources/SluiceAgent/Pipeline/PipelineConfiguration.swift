// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

/// A pipeline as it was configured: inputs, processors, outputs.
package struct PipelineConfiguration: Sendable {
    package struct Input: Sendable {
        package var options: any InputConfiguration
        /// How lines become fields, and the input's own processors, each made anew for every worker.
        package var makeParser: @Sendable () -> any EventParser
        package var processors: ConfigurationNode?
    }

    package var name: String
    /// The name of the whole, if this is the branch of an output that is not required.
    package var trunk: String?
    package var inputs: [Input] = []
    package var outputs: [any Output] = []
    package var processors: ConfigurationNode?
    package var context: ProcessorContext
    /// Threads for parsing, processing and compressing; nil: as many as there are cores.
    package var maximumProcessors: Int?
    /// Nanoseconds that a stop waits for what is under way.
    package var shutdownTimeout: Int64
    package var deadLetters: DeadLetterOptions

    /// Reads a native pipeline. Everything that is wrong is reported; then the result is nil.
    ///
    /// - Parameters:
    ///   - defaultName: of a pipeline that does not say its own.
    ///   - context: what processors are told of the machine.
    package init?(
        _ node: ConfigurationNode,
        defaultName: String,
        context: ProcessorContext,
        problems: ConfigurationProblems
    ) {
        let section = ConfigurationSection(node, problems: problems)
        name = section.string("name", default: defaultName)
        maximumProcessors = section.optionalInteger("max_procs", in: 1...256)
        shutdownTimeout = section.duration("shutdown_timeout", default: 10_000_000_000)
        deadLetters = DeadLetterOptions(section)
        processors = section.node("processors")
        self.context = context
        if !name.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 < 0x7f }) || name.isEmpty || name == ".."
            || name == "."
        {
            section.report(section.node("name") ?? node, "a pipeline's name is also a folder's: no spaces and no '/'")
        }
        readInputs(section)
        readOutputs(section)
        // Once to see what is wrong; each worker makes its own.
        _ = ProcessorList(node: processors, context: context, problems: problems)
        section.finish()
        if !problems.isEmpty { return nil }
    }

    private mutating func readInputs(_ section: ConfigurationSection) {
        let sections = section.sections("inputs")
        if sections.isEmpty { section.reportMissing("inputs", expected: "a list with at least one input") }
        for (number, input) in sections.enumerated() {
            let type = input.string("type", default: "file")
            guard let make = InputTable.makers[type] else {
                input.report(
                    input.node("type") ?? input.node,
                    "'\(type)' is no type of input",
                    suggestion: ConfigurationProblems.suggestion(for: type, known: InputTable.makers.keys)
                )
                input.abandon()
                continue
            }
            let options = make(input, number + 1, context)
            // Where an input says for itself how its events are read, `parse` is no option of it.
            let parser = options?.ownParser ?? Self.readParser(input, json: options?.json(in: input), context)
            let processors = input.node("processors")
            _ = ProcessorList(node: processors, context: context, problems: section.problems)
            input.finish()
            if let options, let parser {
                inputs.append(Input(options: options, makeParser: parser, processors: processors))
            }
        }
        var names: Set<String> = []
        for input in inputs where !names.insert(input.options.name).inserted {
            section.report(section.node, "two inputs have the id '\(input.options.name)': give each its own 'id'")
        }
    }

    /// `parse:`, or what Filebeat's `json` or `parsers` ask for.
    private static func readParser(
        _ input: ConfigurationSection,
        json: JSONParserOptions?,
        _ context: ProcessorContext
    ) -> (@Sendable () -> any EventParser)? {
        if let json {
            if let parse = input.node("parse") {
                let other = input.node("json").map { $0.isNull } == false ? "json" : "parsers"
                input.report(parse, "'parse' and '\(other)' say both how lines are read: keep one of them")
            }
            return { JSONEventParser(json) }
        }
        let parse = input.node("parse")
        guard ParserTable.parser(parse, context: context, problems: input.problems) != nil else { return nil }
        return { ParserTable.parser(parse, context: context, problems: ConfigurationProblems()) ?? PlainParser() }
    }

    private mutating func readOutputs(_ section: ConfigurationSection) {
        let sections = section.sections("outputs")
        if sections.isEmpty { section.reportMissing("outputs", expected: "a list with at least one output") }
        var names: Set<String> = []
        for output in sections {
            guard let type = output.requiredString("type") else {
                output.abandon()
                continue
            }
            guard let make = OutputTable.makers[type] else {
                output.report(
                    output.node("type") ?? output.node,
                    "'\(type)' is no type of output",
                    suggestion: ConfigurationProblems.suggestion(for: type, known: OutputTable.makers.keys)
                )
                output.abandon()
                continue
            }
            let made = make(output)
            if let made { Self.checkBranchName(made.options, output) }
            output.finish()
            guard let made else { continue }
            if !names.insert(made.options.name).inserted {
                output.report(
                    output.node,
                    "two outputs are named '\(made.options.name)': progress is kept under the name, so give each its own"
                )
            }
            outputs.append(made)
        }
    }
}
