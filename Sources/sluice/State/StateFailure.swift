// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SluiceAgent

/// Why a state command ends early.
struct StateFailure: Error {
    var text: String
    var status: ExitCode

    init(_ text: String, status: ExitCode = ExitStatus.inputOutput) {
        self.text = text
        self.status = status
    }

    /// Says on standard error what went wrong, and ends with the status for it.
    static func reported<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StateFailure {
            Terminal.complain(error.text)
            throw error.status
        } catch let error as StateError {
            if case .locked(let path) = error {
                Terminal.complain(
                    "the state in '\(path)' belongs to an agent that is running: stop it first; 'sluice status' says what "
                        + "it does"
                )
            } else {
                Terminal.complain("\(error)")
            }
            throw ExitStatus.inputOutput
        } catch let error as ExitCode {
            throw error
        } catch {
            Terminal.complain("\(error)")
            throw ExitStatus.inputOutput
        }
    }
}
