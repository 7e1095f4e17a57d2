// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

/// Processors that add and take away: a line, processors, and the document that comes out.
@Suite struct FieldProcessorTests {
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
            [["add_fields": ["target": "", "fields": ["l": [1, "two", ["k": .null]], "q": "say \"hi\"\n"]]]],
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

    static let otherCases: [ProcessorCase] = [
        // add_tags
        ProcessorCase(
            "add_tags: a new array",
            #"{"a":1}"#,
            [["add_tags": ["tags": ["x", "y"]]]],
            #"{"a":1,"tags":["x","y"]}"#
        ),
        ProcessorCase(
            "add_tags: appends, and does not look for twins",
            #"{"tags":["x"]}"#,
            [["add_tags": ["tags": ["x", "y"]]]],
            #"{"tags":["x","x","y"]}"#
        ),
        ProcessorCase("add_tags: an empty array", #"{"tags":[ ]}"#, [["add_tags": ["tags": "x"]]], #"{"tags":[ "x"]}"#),
        ProcessorCase(
            "add_tags: what is no array stays",
            #"{"tags":"x"}"#,
            [["add_tags": ["tags": ["y"]]]],
            #"{"tags":"x"}"#
        ),
        ProcessorCase(
            "add_tags: null is nothing",
            #"{"tags":null}"#,
            [["add_tags": ["tags": ["y"]]]],
            #"{"tags":["y"]}"#
        ),
        ProcessorCase(
            "add_tags: another target, nested",
            #"{"a":{"b":1}}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":{"b":1,"t":["y"]}}"#
        ),
        ProcessorCase(
            "add_tags: appends to a nested array",
            #"{"a":{"t":["x"]}}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":{"t":["x","y"]}}"#
        ),
        ProcessorCase(
            "add_tags: no object on the way",
            #"{"a":1}"#,
            [["add_tags": ["target": "a.t", "tags": ["y"]]]],
            #"{"a":1}"#
        ),
        // drop_event
        ProcessorCase(
            "drop_event: where the condition holds",
            #"{"level":"DEBUG"}"#,
            [["drop_event": ["when": ["equals": ["level": "DEBUG"]]]]],
            "(dropped)"
        ),
        ProcessorCase(
            "drop_event: not where it does not",
            #"{"level":"INFO"}"#,
            [["drop_event": ["when": ["equals": ["level": "DEBUG"]]]]],
            #"{"level":"INFO"}"#
        ),
        ProcessorCase(
            "drop_event: dotted",
            #"{"level":"DEBUG"}"#,
            [["drop_event.when.equals.level": "DEBUG"]],
            "(dropped)"
        ),
        // drop_fields
        ProcessorCase(
            "drop_fields: first, middle and last",
            #"{"a":1,"b":2,"c":3,"d":4}"#,
            [["drop_fields": ["fields": ["a", "c", "d"]]]],
            #"{"b":2}"#
        ),
        ProcessorCase("drop_fields: all", #"{"a":1}"#, [["drop_fields": ["fields": ["a"]]]], "{}"),
        ProcessorCase(
            "drop_fields: nested",
            #"{"a":{"b":1,"c":{"d":2,"e":3}}}"#,
            [["drop_fields": ["fields": ["a.b", "a.c.d"]]]],
            #"{"a":{"c":{"e":3}}}"#
        ),
        ProcessorCase(
            "drop_fields: a name with dots first",
            #"{"a.b":1,"a":{"b":2}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"b":2}}"#
        ),
        ProcessorCase(
            "drop_fields: a nested key that is there twice",
            #"{"a":{"b":1,"c":2,"b":3}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"c":2}}"#
        ),
        ProcessorCase(
            "drop_fields: a nested key with escapes",
            #"{"a":{"\u0062":1,"c":2}}"#,
            [["drop_fields": ["fields": ["a.b"]]]],
            #"{"a":{"c":2}}"#
        ),
        ProcessorCase(
            "drop_fields: what is not there",
            #"{"a":1}"#,
            [["drop_fields": ["fields": ["b", "a.b", "c.d"]]]],
            #"{"a":1}"#
        ),
        ProcessorCase(
            "drop_fields: the time stays",
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1}"#,
            [["drop_fields": ["fields": ["@timestamp", "a"]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z"}"#
        ),
        // include_fields
        ProcessorCase(
            "include_fields: only these",
            #"{"a":1,"b":2,"c":3}"#,
            [["include_fields": ["fields": ["c", "a", "x"]]]],
            #"{"a":1,"c":3}"#
        ),
        ProcessorCase(
            "include_fields: nested",
            #"{"a":{"b":1,"c":{"d":2,"e":3}},"z":{"y":1}}"#,
            [["include_fields": ["fields": ["a.c.d", "a.b", "z"]]]],
            #"{"z":{"y":1},"a":{"c":{"d":2},"b":1}}"#
        ),
        ProcessorCase(
            "include_fields: the time stays",
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1,"b":2}"#,
            [["include_fields": ["fields": ["a"]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z","a":1}"#
        ),
        ProcessorCase(
            "include_fields: what was added before",
            #"{"a":1}"#,
            [["add_fields": ["target": "", "fields": ["b": 2, "c": 3]]], ["include_fields": ["fields": ["c"]]]],
            #"{"c":3}"#
        ),
    ]

    @Test(arguments: otherCases)
    func processor(_ test: ProcessorCase) {
        #expect(Pipe(processors: test.processors).run(test.line) == test.document)
    }
}
