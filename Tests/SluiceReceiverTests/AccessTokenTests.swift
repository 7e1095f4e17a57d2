// SPDX-License-Identifier: Apache-2.0

import SluiceReceiver
import Testing

@Suite struct AccessTokenTests {
    @Test(arguments: [
        ("Bearer secret", true), ("bearer secret", true), ("ApiKey secret", true), ("ApiKey aWQ6c2VjcmV0", true),
        ("Basic dXNlcjpzZWNyZXQ=", true), ("Basic OnNlY3JldA==", true), ("Basic c2VjcmV0", false), ("Bearer", false),
        ("Bearer secre", false), ("Bearer secrets", false), ("Bearer secretsecret", false), ("Bearer Secret", false),
        ("Digest secret", false), ("secret", false), ("", false), ("Basic dXNlcjpzZWNyZXRz", false),
        ("Basic ?", false), ("ApiKey ", false),
    ])
    func admits(_ header: String, _ isAdmitted: Bool) throws {
        #expect(try #require(AccessToken(" secret\n")).admits(header) == isAdmitted)
    }

    @Test func nobodyWithoutAHeader() throws {
        #expect(try !#require(AccessToken("secret")).admits(nil))
        #expect(AccessToken(" \n") == nil)
    }
}
