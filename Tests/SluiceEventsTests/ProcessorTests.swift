// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

/// Each case: a line, processors, and the document that comes out.
@Suite struct ProcessorTests {
    static let addFieldsCases: [ProcessorCase] = [
        ProcessorCase(
            "under fields by default",
            #"{"a":1}"#,
            [["add_fields": ["fields": ["x": 1, "y": "two", "z": true]]]],
            #"{"a":1,"fields":{"x":1,"y":"two","z":true}}"#
        ),
        ProcessorCase(
            "at the root with an empty target",
            #"{"a":1}"#,
            [["add_fields": ["target": "", "fields": ["service": "api", "n": 1.5]]]],
            #"{"a":1,"service":"api","n":1.5}"#
        ),
        ProcessorCase(
            "overwrites",
            #"{"a":1,"b":2}"#,
            [["add_fields": ["target": "", "fields": ["a": "new"]]]],
            #"{"a":"new","b":2}"#
        ),
        ProcessorCase(
            "merges objects, nested ones too",
            #"{"a":{"x":1,"deep":{"one":1}},"b":2}"#,
            [["add_fields": ["target": "a", "fields": ["y": 2, "deep": ["two": 2]]]]],
            #"{"a":{"x":1,"deep":{"one":1,"two":2},"y":2},"b":2}"#
        ),
        ProcessorCase(
            "a value gives way to an object",
            #"{"a":5}"#,
            [["add_fields": ["target": "a", "fields": ["y": 2]]]],
            #"{"a":{"y":2}}"#
        ),
        ProcessorCase(
            "dotted names are nested",
            #"{}"#,
            [["add_fields": ["target": "", "fields": ["service.name": "api", "service.version": "1"]]]],
            #"{"service":{"name":"api","version":"1"}}"#
        ),
        ProcessorCase(
            "a dotted target is nested",
            #"{}"#,
            [["add_fields": ["target": "a.b", "fields": ["c": 1]]]],
            #"{"a":{"b":{"c":1}}}"#
        ),
        ProcessorCase(
            "lists and text that needs escapes",
            #"{}"#,
            [["add_fields": ["target": "", "fields": ["l": [1, "two", ["k": nil]], "q": "say \"hi\"\n"]]]],
            #"{"l":[1,"two",{}],"q":"say \"hi\"\n"}"#
        ),
        ProcessorCase(
            "metadata is in no document",
            #"{"a":1}"#,
            [["add_fields": ["target": "@metadata", "fields": ["pipeline": "x"]]]],
            #"{"a":1}"#
        ),
    ]

    @Test(arguments: addFieldsCases)
    func addFields(_ test: ProcessorCase) {
        #expect(Pipe(processors: test.processors).run(test.line) == test.document)
    }
}
