// SPDX-License-Identifier: Apache-2.0

extension FileInput: Input {}

extension FileInputOptions: InputConfiguration {
    package var isQueued: Bool { false }

    package func makeInput(_ environment: InputEnvironment) -> any Input {
        FileInput(
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
