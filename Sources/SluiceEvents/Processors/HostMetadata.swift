// SPDX-License-Identifier: Apache-2.0

/// What is known of the machine, collected once by whoever starts the pipeline. An empty text means unknown.
///
/// The names are those of ECS's `host.*` (https://www.elastic.co/docs/reference/ecs/ecs-host).
package struct HostMetadata: Sendable, Equatable {
    /// The name the agent goes by, `host.name`.
    package var name = ""
    package var hostname = ""
    /// The machine's own id, such as `/etc/machine-id` has it.
    package var id = ""
    /// As `uname -m` says it: `x86_64`.
    package var architecture = ""
    package var osType = ""
    package var osKernel = ""
    package var osName = ""
    package var osVersion = ""
    package var osCodename = ""
    package var osFamily = ""
    package var osPlatform = ""
    /// Addresses of the interfaces that are up, loopback left out.
    package var ip: [String] = []
    package var mac: [String] = []

    package init() {}
}
