// SPDX-License-Identifier: Apache-2.0

import SluiceBytes

/// `add_host_metadata`: gives events the object `host`, as ECS has it.
///
/// The machine does not change while the agent runs, so `cache.ttl` is taken and means nothing.
package final class AddHostMetadataProcessor: Processor {
    private let fields: SharedFields
    private let replacesFields: Bool
    private let host = FieldPath("host")
    private let hostName = FieldPath("host.name")

    package init?(_ section: ConfigurationSection, _ context: ProcessorContext) {
        section.accept("cache.ttl")
        replacesFields = section.boolean("replace_fields", default: true)
        let known = context.host
        var tree = FieldTree.empty
        func add(_ path: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            _ = tree.insert(.string(text), at: FieldPath(path).components[...])
        }
        add("host.name", known.name)
        add("host.hostname", known.hostname)
        add("host.id", known.id)
        add("host.architecture", known.architecture)
        add("host.os.type", known.osType)
        add("host.os.kernel", known.osKernel)
        add("host.os.name", known.osName)
        add("host.os.version", known.osVersion)
        add("host.os.codename", known.osCodename)
        add("host.os.family", known.osFamily)
        add("host.os.platform", known.osPlatform)
        if section.boolean("netinfo.enabled", default: true) {
            if !known.ip.isEmpty { _ = tree.insert(.strings(known.ip), at: ["host", "ip"]) }
            if !known.mac.isEmpty { _ = tree.insert(.strings(known.mac), at: ["host", "mac"]) }
        }
        for key in [
            "name", "location", "continent_name", "country_name", "country_iso_code", "region_name",
            "region_iso_code", "city_name",
        ] {
            add("host.geo.\(key)", section.optionalString("geo.\(key)"))
        }
        fields = SharedFields(tree)
    }

    package func process(_ batch: EventBatch, selected: EventMask) {
        guard !replacesFields else {
            fields.add(to: batch, selected: selected)
            return
        }
        // As in Filebeat, an event that says more of its host than the name keeps what it says.
        var selected = selected
        selected.filter { event in
            guard let own = batch.value(host, of: event) else { return true }
            guard own.kind == .object, batch.value(hostName, of: event) != nil else { return false }
            let index = batch.nestedIndex(0)
            return (try? JSONScanner.scan(own.bytes, into: index)) != nil && index.children.count == 1
        }
        fields.add(to: batch, selected: selected)
    }
}
