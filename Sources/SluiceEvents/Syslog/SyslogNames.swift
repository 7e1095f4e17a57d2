// SPDX-License-Identifier: Apache-2.0

/// What Filebeat calls severities and facilities (RFC 5424, tables 1 and 2).
enum SyslogNames {
    static func severity(_ code: Int) -> StaticString {
        switch code {
        case 0: "Emergency"
        case 1: "Alert"
        case 2: "Critical"
        case 3: "Error"
        case 4: "Warning"
        case 5: "Notice"
        case 6: "Informational"
        default: "Debug"
        }
    }

    static func facility(_ code: Int) -> StaticString {
        switch code {
        case 0: "kernel"
        case 1: "user-level"
        case 2: "mail"
        case 3: "system"
        case 4, 10: "security/authorization"
        case 5: "syslogd"
        case 6: "line printer"
        case 7: "network news"
        case 8: "UUCP"
        case 9, 15: "clock"
        case 11: "FTP"
        case 12: "NTP"
        case 13: "log audit"
        case 14: "log alert"
        case 16: "local0"
        case 17: "local1"
        case 18: "local2"
        case 19: "local3"
        case 20: "local4"
        case 21: "local5"
        case 22: "local6"
        default: "local7"
        }
    }
}
