// SPDX-License-Identifier: Apache-2.0

/// What Filebeat's journald input calls the fields of systemd's journal.
///
/// Source: Filebeat's reference, "Journald input", and systemd.journal-fields(7).
enum JournalFields {
    struct Field: Sendable {
        var names: [String]
        var isInteger = false
    }

    /// Those that do not become fields: the cursor is kept in state, and the times are `@timestamp` or none's business.
    static let dropped: Set<String> = [
        "__CURSOR", "__REALTIME_TIMESTAMP", "__MONOTONIC_TIMESTAMP", "__SEQNUM", "__SEQNUM_ID",
        "_SOURCE_REALTIME_TIMESTAMP", "_SOURCE_MONOTONIC_TIMESTAMP",
    ]

    static let known: [String: Field] = {
        var fields: [String: Field] = [:]
        for (key, names) in texts { fields[key] = Field(names: names.split(separator: " ").map(String.init)) }
        for (key, names) in integers {
            fields[key] = Field(names: names.split(separator: " ").map(String.init), isInteger: true)
        }
        return fields
    }()

    private static let texts: [String: String] = [
        "MESSAGE": "message",
        "MESSAGE_ID": "message_id",
        "COREDUMP_UNIT": "journald.coredump.unit",
        "COREDUMP_USER_UNIT": "journald.coredump.user_unit",
        "OBJECT_CMDLINE": "journald.object.process.command_line",
        "OBJECT_COMM": "journald.object.process.name",
        "OBJECT_EXE": "journald.object.process.executable",
        "OBJECT_SYSTEMD_SESSION": "journald.object.systemd.session",
        "OBJECT_SYSTEMD_UNIT": "journald.object.systemd.unit",
        "OBJECT_SYSTEMD_USER_UNIT": "journald.object.systemd.user_unit",
        "UNIT": "journald.unit",
        "CODE_FILE": "journald.code.file",
        "CODE_FUNC": "journald.code.func",
        "SYSLOG_IDENTIFIER": "syslog.identifier log.syslog.appname",
        "CONTAINER_ID": "container.id_truncated",
        "CONTAINER_ID_FULL": "container.id",
        "CONTAINER_NAME": "container.name",
        "CONTAINER_TAG": "container.log.tag",
        "CONTAINER_PARTIAL_MESSAGE": "container.partial",
        "IMAGE_NAME": "container.image.name",
        "_AUDIT_SESSION": "journald.audit.session",
        "_BOOT_ID": "journald.host.boot_id",
        "_CAP_EFFECTIVE": "journald.process.capabilities",
        "_CMDLINE": "journald.process.command_line",
        "_COMM": "journald.process.name",
        "_EXE": "journald.process.executable",
        "_HOSTNAME": "host.hostname",
        "_KERNEL_DEVICE": "journald.kernel.device",
        "_KERNEL_SUBSYSTEM": "journald.kernel.subsystem",
        "_MACHINE_ID": "host.id",
        "_SYSTEMD_CGROUP": "systemd.cgroup",
        "_SYSTEMD_INVOCATION_ID": "systemd.invocation_id",
        "_SYSTEMD_SESSION": "systemd.session",
        "_SYSTEMD_SLICE": "systemd.slice",
        "_SYSTEMD_UNIT": "systemd.unit",
        "_SYSTEMD_USER_SLICE": "systemd.user_slice",
        "_SYSTEMD_USER_UNIT": "systemd.user_unit",
        "_TRANSPORT": "systemd.transport",
        "_UDEV_DEVLINK": "journald.kernel.device_symlinks",
        "_UDEV_DEVNODE": "journald.kernel.device_node_path",
        "_UDEV_SYSNAME": "journald.kernel.device_name",
    ]

    private static let integers: [String: String] = [
        "OBJECT_AUDIT_LOGINUID": "journald.object.audit.login_uid",
        "OBJECT_AUDIT_SESSION": "journald.object.audit.session",
        "OBJECT_GID": "journald.object.gid",
        "OBJECT_PID": "journald.object.pid",
        "OBJECT_SYSTEMD_OWNER_UID": "journald.object.systemd.owner_uid",
        "OBJECT_UID": "journald.object.uid",
        "CODE_LINE": "journald.code.line",
        "PRIORITY": "syslog.priority log.syslog.priority",
        "SYSLOG_FACILITY": "syslog.facility log.syslog.facility.code",
        "SYSLOG_PID": "syslog.pid",
        "_AUDIT_LOGINUID": "journald.audit.login_uid",
        "_GID": "journald.gid",
        "_PID": "journald.pid",
        "_SYSTEMD_OWNER_UID": "systemd.owner_uid",
        "_UID": "journald.uid",
    ]
}
