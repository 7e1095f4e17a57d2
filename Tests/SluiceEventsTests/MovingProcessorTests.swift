// SPDX-License-Identifier: Apache-2.0

import SluiceEvents
import Testing

/// `rename`, `copy_fields`, branches and `when`: a line, processors, and the document that comes out.
@Suite struct MovingProcessorTests {
    static let otherCases: [ProcessorCase] = [
        // rename
        ProcessorCase(
            "rename: top level",
            #"{"a":1,"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "x"]]]]],
            #"{"b":2,"x":1}"#
        ),
        ProcessorCase(
            "rename: into and out of objects",
            #"{"a":1,"b":{"c":2}}"#,
            [["rename": ["fields": [["from": "a", "to": "x.y"], ["from": "b.c", "to": "d"]]]]],
            #"{"b":{},"x":{"y":1},"d":2}"#
        ),
        ProcessorCase(
            "rename: a becomes a.b",
            #"{"a":1}"#,
            [["rename": ["fields": [["from": "a", "to": "a.b"]]]]],
            #"{"a":{"b":1}}"#
        ),
        ProcessorCase(
            "rename: a.b becomes a",
            #"{"a":{"b":1}}"#,
            [["rename": ["fields": [["from": "a.b", "to": "c"], ["from": "a", "to": "d"]]]]],
            #"{"c":1,"d":{}}"#
        ),
        ProcessorCase(
            "rename: never overwrites",
            #"{"a":1,"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "b"]]]]],
            #"{"a":1,"b":2,"error":{"message":"Failed to rename fields in processor: target field b already exists, drop or rename this field first"}}"#
        ),
        ProcessorCase(
            "rename: what is missing fails",
            #"{"b":2}"#,
            [["rename": ["fields": [["from": "a", "to": "c"]]]]],
            #"{"b":2,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: a, Error: key not found"}}"#
        ),
        ProcessorCase(
            "rename: what is missing may be ignored",
            #"{"b":2}"#,
            [["rename": ["ignore_missing": true, "fields": [["from": "a", "to": "c"], ["from": "b", "to": "d"]]]]],
            #"{"d":2}"#
        ),
        ProcessorCase(
            "rename: a failure puts everything back",
            #"{"a":1,"b":{"x":2},"c":3}"#,
            [
                [
                    "rename": [
                        "fields": [
                            ["from": "a", "to": "z"], ["from": "b.x", "to": "y"], ["from": "nope", "to": "n"],
                        ]
                    ]
                ]
            ],
            #"{"a":1,"b":{"x":2},"c":3,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: nope, Error: key not found"}}"#
        ),
        ProcessorCase(
            "rename: without fail_on_error the rest is done",
            #"{"a":1,"c":3}"#,
            [
                [
                    "rename": [
                        "fail_on_error": false,
                        "fields": [["from": "a", "to": "z"], ["from": "nope", "to": "n"], ["from": "c", "to": "y"]],
                    ]
                ]
            ],
            #"{"z":1,"y":3}"#
        ),
        ProcessorCase(
            "rename: a place that cannot be",
            #"{"a":1,"c":3}"#,
            [["rename": ["fields": [["from": "a", "to": "c.x"]]]]],
            #"{"a":1,"c":3,"error":{"message":"Failed to rename fields in processor: could not put value: c.x: a part of the name is there and no object"}}"#
        ),
        ProcessorCase(
            "rename: to the time",
            #"{"t":"2020-01-01T00:00:00Z"}"#,
            [["rename": ["fields": [["from": "t", "to": "@timestamp"]]]]],
            "{}"
        ),
        // copy_fields
        ProcessorCase(
            "copy_fields: top level and nested",
            #"{"a":{"b":1},"c":[2]}"#,
            [["copy_fields": ["fields": [["from": "a.b", "to": "x"], ["from": "c", "to": "y.z"]]]]],
            #"{"a":{"b":1},"c":[2],"x":1,"y":{"z":[2]}}"#
        ),
        ProcessorCase(
            "copy_fields: never overwrites",
            #"{"a":1,"b":2}"#,
            [["copy_fields": ["fields": [["from": "a", "to": "b"]]]]],
            #"{"a":1,"b":2,"error":{"message":"Failed to copy fields in copy_fields processor: target field b already exists, drop or rename this field first"}}"#
        ),
        ProcessorCase(
            "copy_fields: the time as text",
            #"{"@timestamp":"2020-01-01T00:00:00Z"}"#,
            [["copy_fields": ["fields": [["from": "@timestamp", "to": "t"]]]]],
            #"{"@timestamp":"2020-01-01T00:00:00Z","t":"2020-01-01T00:00:00.000Z"}"#
        ),
        // if, then, else
        ProcessorCase(
            "if: then",
            #"{"a":1}"#,
            [
                [
                    "if": ["equals": ["a": 1]], "then": [["add_tags": ["tags": ["yes"]]]],
                    "else": [["add_tags": ["tags": ["no"]]]],
                ]
            ],
            #"{"a":1,"tags":["yes"]}"#
        ),
        ProcessorCase(
            "if: else",
            #"{"a":2}"#,
            [
                [
                    "if": ["equals": ["a": 1]], "then": [["add_tags": ["tags": ["yes"]]]],
                    "else": [["add_tags": ["tags": ["no"]]]],
                ]
            ],
            #"{"a":2,"tags":["no"]}"#
        ),
        ProcessorCase(
            "if: a single processor is a mapping",
            #"{"a":1}"#,
            [["if.equals.a": 1, "then": ["add_tags": ["tags": ["yes"]]]]],
            #"{"a":1,"tags":["yes"]}"#
        ),
        ProcessorCase(
            "if: a branch ends at its first failure, the list does not",
            #"{"a":1}"#,
            [
                [
                    "if": ["has_fields": ["a"]],
                    "then": [["rename": ["fields": [["from": "x", "to": "y"]]]], ["add_tags": ["tags": ["in"]]]],
                ], ["add_tags": ["tags": ["out"]]],
            ],
            #"{"a":1,"error":{"message":"Failed to rename fields in processor: could not fetch value for key: x, Error: key not found"},"tags":["out"]}"#
        ),
        ProcessorCase(
            "if: what one branch drops is dropped",
            #"{"a":1}"#,
            [
                [
                    "if": ["has_fields": ["a"]],
                    "then": [["drop_event": ["when": ["has_fields": ["a"]]]], ["add_tags": ["tags": ["in"]]]],
                ]
            ],
            "(dropped)"
        ),
        // when
        ProcessorCase(
            "when: holds",
            #"{"a":1}"#,
            [["add_tags": ["tags": ["x"], "when": ["equals": ["a": 1]]]]],
            #"{"a":1,"tags":["x"]}"#
        ),
        ProcessorCase(
            "when: does not hold",
            #"{"a":2}"#,
            [["add_tags": ["tags": ["x"], "when.equals.a": 1]]],
            #"{"a":2}"#
        ),
        ProcessorCase(
            "when: as Filebeat's own file has it",
            #"{"tags":["forwarded"]}"#,
            [["add_fields": ["fields": ["x": 1], "when.not.contains.tags": "forwarded"]]],
            #"{"tags":["forwarded"]}"#
        ),
    ]

    @Test(arguments: otherCases)
    func processor(_ test: ProcessorCase) {
        #expect(Pipe(processors: test.processors).run(test.line) == test.document)
    }
}
