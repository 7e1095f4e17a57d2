// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SluiceEvents

extension HostMetadata {
    /// What the system says of this machine.
    package static func ofThisMachine() -> HostMetadata {
        var host = HostMetadata()
        var names = utsname()
        if unsafe uname(&names) == 0 {
            host.hostname = text(&names.nodename)
            host.architecture = text(&names.machine)
            host.osKernel = text(&names.release)
            host.osType = text(&names.sysname).lowercased()
        }
        host.name = host.hostname
        host.id = TextFile.read("/etc/machine-id")?.trimmed ?? ""
        let release = osRelease()
        host.osName = release["NAME"] ?? ""
        host.osVersion = release["VERSION"] ?? release["VERSION_ID"] ?? ""
        host.osCodename = release["VERSION_CODENAME"] ?? ""
        host.osPlatform = release["ID"] ?? ""
        host.osFamily = release["ID_LIKE"]?.split(separator: " ").first.map(String.init) ?? host.osPlatform
        (host.ip, host.mac) = NetworkInterfaces.addresses()
        return host
    }

    private static func text<Field>(_ field: inout Field) -> String {
        unsafe withUnsafeBytes(of: &field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// `NAME="Debian GNU/Linux"` and so on.
    private static func osRelease() -> [String: String] {
        guard let text = TextFile.read("/etc/os-release") ?? TextFile.read("/usr/lib/os-release") else { return [:] }
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "="), line.first != "#" else { continue }
            var value = line[equals...].dropFirst()
            if value.count >= 2, let quote = value.first, quote == value.last, quote == "\"" || quote == "'" {
                value = value.dropFirst().dropLast()
            }
            values[String(line[..<equals])] = String(value)
        }
        return values
    }
}
