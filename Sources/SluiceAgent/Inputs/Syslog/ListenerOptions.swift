// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

/// Where messages come in, under Filebeat's names for its inputs tcp, udp and unix.
struct ListenerOptions: Sendable {
    enum Transport: String, Sendable {
        case tcp, udp, unix
    }

    enum SocketType: String, CaseIterable, Sendable {
        case stream, datagram
    }

    var transport: Transport
    /// For TCP and UDP.
    var address = ListenAddress(host: "127.0.0.1", port: 0)
    /// Of a unix socket.
    var path = ""
    var socketType = SocketType.stream
    /// The permissions of a unix socket; nil for what the process's mask says.
    var mode: UInt32?
    /// A message is cut to this many bytes.
    var maximumBytes: Int
    var framing = MessageFramer.Framing.delimiter
    var delimiter: UInt8 = 0x0a
    /// 0: no limit.
    var maximumConnections = 0
    /// A connection on which nothing comes for this long, in nanoseconds, is closed; 0: none.
    var timeout: Int64 = 0
    /// What the system keeps of datagrams that have not been read, in bytes; nil for its own choice.
    var readBuffer: Int?

    var isDatagram: Bool { transport == .udp || (transport == .unix && socketType == .datagram) }

    var description: String {
        switch transport {
        case .tcp, .udp: "\(address)/\(transport.rawValue)"
        case .unix: path
        }
    }

    /// - Parameter framing: of streams, where the options do not say.
    init?(_ transport: Transport, _ section: ConfigurationSection, framing defaultFraming: MessageFramer.Framing) {
        self.transport = transport
        maximumBytes = 0
        let problems = section.problems.count
        switch transport {
        case .unix:
            path = section.requiredString("path") ?? ""
            // What fits into a sockaddr_un.
            if path.utf8.count > 107, let node = section.node("path") {
                section.report(node, "the path of a unix socket has at most 107 bytes")
            }
            socketType = section.choice("socket_type", default: .stream)
            if let node = section.node("mode"), !node.isNull {
                mode = node.text.flatMap { UInt32($0, radix: 8) }
                if mode == nil || mode ?? 0 > 0o777 {
                    section.reportWrongType(node, expected: "permissions such as \"0660\"")
                }
            }
        case .tcp, .udp:
            if let text = section.requiredString("host") {
                if let address = ListenAddress(text) {
                    self.address = address
                } else if let node = section.node("host") {
                    section.reportWrongType(node, expected: "a host and a port such as 127.0.0.1:5514")
                }
            }
        }
        if isDatagram {
            // The largest that UDP can carry.
            maximumBytes = section.bytes("max_message_size", default: 65_535, in: 16...(1 << 20))
            readBuffer = section.optionalBytes("read_buffer", in: 4096...(1 << 30))
            section.accept("timeout")
        } else {
            maximumBytes = section.bytes("max_message_size", default: 1 << 20, in: 16...(64 << 20))
            self.framing = section.choice("framing", default: defaultFraming)
            maximumConnections = section.integer("max_connections", default: 0, in: 0...1_000_000)
            timeout = section.duration("timeout", default: 300_000_000_000)
            readDelimiter(section)
        }
        if section.problems.count > problems { return nil }
    }

    private mutating func readDelimiter(_ section: ConfigurationSection) {
        guard let text = section.optionalString("line_delimiter") else { return }
        let bytes = Array((text == "\r\n" ? "\n" : text).utf8)
        if let byte = bytes.first, bytes.count == 1 {
            delimiter = byte
        } else if let node = section.node("line_delimiter") {
            section.reportWrongType(node, expected: #"a single byte such as "\n" or "\0""#)
        }
    }
}
