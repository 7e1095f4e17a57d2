// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluiceEvents
import Testing

@Suite struct JSONBodyTests {
    private func objects(_ body: String) throws -> [String] {
        var objects: [String] = []
        try body.withByteView { (view) throws(JSONBody.Problem) in
            try JSONBody.forEachObject(view) { objects.append($0.string) }
        }
        return objects
    }

    @Test(arguments: [
        ("{}", ["{}"]), (" {\"a\":1} \n", ["{\"a\":1}"]), ("{\"a\":1}\n{\"b\":2}", ["{\"a\":1}", "{\"b\":2}"]),
        ("{\"a\":1}\r\n\r\n  {\"b\":2}\r\n", ["{\"a\":1}", "{\"b\":2}"]), ("[]", []), ("[ ]\n", []),
        ("[{\"a\":[1]},\n {\"b\":{}}]", ["{\"a\":[1]}", "{\"b\":{}}"]), ("{\n \"a\":\n1}", ["{\n \"a\":\n1}"]),
    ])
    func objectsAreFound(_ body: String, _ expected: [String]) throws {
        #expect(try objects(body) == expected)
    }

    @Test(arguments: [
        ("", "the body is empty: send a JSON object"), (" \n", "the body is empty: send a JSON object"),
        ("x", "line 1 is not a JSON object: a value was expected (byte 0)"),
        ("1", "line 1 is not a JSON object: the value is not an object (byte 0)"),
        ("{}\n\n{", "line 3 is not a JSON object: "), ("{} {}", "line 1 is not a JSON object: text after the end"),
        ("{}\n[{}]", "line 2 is not a JSON object: the value is not an object"),
        ("[{},1]", "element 1 of the array is no"),
        ("[{}", "the body is not JSON: "), ("[{}]]", "the body is not JSON: text after the end"),
    ])
    func problemsAreSaid(_ body: String, _ expected: String) {
        let problem = #expect(throws: JSONBody.Problem.self) { try objects(body) }
        #expect(problem?.description.hasPrefix(expected) == true, "\(problem?.description ?? "")")
    }
}
