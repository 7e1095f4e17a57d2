// SPDX-License-Identifier: Apache-2.0

package import SluiceEvents

extension FileInput: Input {}

extension FileInputOptions: InputConfiguration {
    package var isQueued: Bool { false }

    package func json(in section: ConfigurationSection) -> JSONParserOptions? { framing.json }

    package func makeInput(_ environment: InputEnvironment) throws -> any Input {
        try FileInput(
            options: self,
            number: environment.number,
            state: environment.state,
            outputs: environment.outputs,
            pool: environment.pool,
            intake: environment.intake,
            batching: environment.batching,
            isOnce: environment.isOnce,
            logger: environment.logger
        )
    }
}
