// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import SluiceBytes

/// Takes datagrams, UDP or unix, on a thread of its own.
///
/// Nobody can be told to send more slowly by UDP: what the queue has no room for is dropped and counted, as is what the
/// system had to drop because it came too fast. Who sends to a unix socket waits instead.
@safe
final class DatagramSource: QueueSource, @unchecked Sendable {  // `run` alone changes what can change
    private let options: ListenerOptions
    private let input: String
    private let counters: InputCounters
    private let logger: Logger
    private let descriptor: Int32
    private let stopping = WakeUp()
    private let piece: ByteArena
    /// What the system says it has dropped so far.
    private var droppedBySystem: UInt32 = 0
    private var lastComplaint: Int64?
    private var lastSender: [UInt8] = []
    private var lastOrigin = ""

    init(_ options: ListenerOptions, input: String, counters: InputCounters, logger: Logger) throws(InputError) {
        self.options = options
        self.input = input
        self.counters = counters
        self.logger = logger
        piece = ByteArena(capacity: options.maximumBytes + 1)
        let address = try ListeningSocket.address(options, input: input)
        if options.transport == .unix { ListeningSocket.removeLeftover(options.path) }
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(Self.family(options, address), type, 0)
        guard descriptor >= 0 else { throw .listen(input: input, address: options.description, code: errno) }
        if let size = options.readBuffer { set(SO_RCVBUF, Int32(clamping: size)) }
        if options.transport == .udp { set(SO_RXQ_OVFL, 1) }
        let code = unsafe address.withSockAddr { unsafe bind(descriptor, $0, socklen_t($1)) }
        guard code == 0 else { throw .listen(input: input, address: options.description, code: errno) }
        if options.transport == .unix, let mode = options.mode { unsafe chmod(options.path, mode_t(mode)) }
    }

    private static func family(_ options: ListenerOptions, _ address: SocketAddress) -> Int32 {
        switch address {
        case .v4: AF_INET
        case .v6: AF_INET6
        case .unixDomainSocket: AF_UNIX
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    func stop() { stopping.wake() }

    func run(into queue: DurableQueue) {
        logger.info(
            "input listens",
            metadata: [
                "input": "\(input)", "address": "\(boundAddress)", "transport": "\(options.transport.rawValue)",
            ]
        )
        while !stopping.isAwake {
            if options.transport == .unix, !queue.waitForRoom(nanoseconds: 100_000_000) { continue }
            stopping.wait(nanoseconds: 60_000_000_000, or: descriptor)
            // A look at whether to stop now and then.
            for _ in 0..<256 {
                if options.transport == .unix, !queue.hasRoom { break }
                guard receive(into: queue) else { break }
            }
        }
        // What the system has already taken.
        var left = 65_536
        while left > 0, receive(into: queue) { left -= 1 }
        if options.transport == .unix { ListeningSocket.removeLeftover(options.path) }
    }

    /// Takes one datagram.
    ///
    /// - Returns: false if there is none.
    private func receive(into queue: DurableQueue) -> Bool {
        var sender = sockaddr_storage()
        var senderLength = 0
        var isCut = false
        var got = 0
        var dropped: UInt32?
        piece.removeAll()
        unsafe piece.append(room: options.maximumBytes) { room in
            var control = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
            unsafe withUnsafeMutablePointer(to: &sender) { sender in
                unsafe withUnsafeMutableBytes(of: &control) { control in
                    var vector = unsafe iovec(iov_base: room.baseAddress, iov_len: room.count)
                    unsafe withUnsafeMutablePointer(to: &vector) { vector in
                        var header = unsafe msghdr()
                        unsafe header.msg_name = UnsafeMutableRawPointer(sender)
                        unsafe header.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
                        unsafe header.msg_iov = vector
                        unsafe header.msg_iovlen = 1
                        unsafe header.msg_control = control.baseAddress
                        unsafe header.msg_controllen = control.count
                        got = unsafe recvmsg(descriptor, &header, 0)
                        isCut = unsafe header.msg_flags & Int32(MSG_TRUNC) != 0
                        unsafe senderLength = Int(header.msg_namelen)
                        // A cmsghdr is its length in eight bytes, its level and its type; there is one kind here.
                        if got >= 0, unsafe header.msg_controllen >= 20,
                            unsafe control.load(fromByteOffset: 12, as: Int32.self) == SO_RXQ_OVFL
                        {
                            dropped = unsafe control.load(fromByteOffset: 16, as: UInt32.self)
                        }
                    }
                }
            }
            return max(0, got)
        }
        guard got >= 0 else { return errno == EINTR }
        if let dropped { countDropped(bySystem: dropped) }
        var text = piece.view
        while text.count > 0, text[text.count - 1] == 0x0a || text[text.count - 1] == 0x0d {
            text = text[0..<(text.count - 1)]
        }
        if text.isEmpty { return true }
        if !queue.put(text, origin: origin(of: sender, length: senderLength), isTruncated: isCut) {
            counters.droppedDatagrams.add(1, ordering: .relaxed)
            complain("datagrams are dropped, because the queue is full")
        }
        return true
    }

    private func countDropped(bySystem count: UInt32) {
        let more = count &- droppedBySystem
        guard more > 0 else { return }
        droppedBySystem = count
        counters.droppedDatagrams.add(Int(more), ordering: .relaxed)
        complain("the system drops datagrams, because they come faster than they are taken; 'read_buffer' can help")
    }

    /// Says it at most once a minute; the rest is in the metrics.
    private func complain(_ message: String) {
        let now = SystemClock.monotonic()
        if let lastComplaint, now - lastComplaint < 60_000_000_000 { return }
        lastComplaint = now
        logger.warning(
            "\(message)",
            metadata: ["input": "\(input)", "dropped": "\(counters.droppedDatagrams.load(ordering: .relaxed))"]
        )
    }

    private var boundAddress: String {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return code == 0 ? text(of: address, length: Int(length)) : options.description
    }

    /// The origin of what a sender sent; those of the last one are likely the next.
    private func origin(of sender: sockaddr_storage, length: Int) -> String {
        let bytes = unsafe withUnsafeBytes(of: sender) { unsafe Array($0.prefix(length)) }
        if bytes == lastSender { return lastOrigin }
        lastSender = bytes
        let address = text(of: sender, length: length)
        lastOrigin = address.isEmpty ? "" : MessageOrigin.json(address: address)
        return lastOrigin
    }

    /// `192.0.2.1:514`, `[2001:db8::1]:514`, a path; empty for a unix socket without a name.
    private func text(of address: sockaddr_storage, length: Int) -> String {
        var address = address
        return unsafe withUnsafePointer(to: &address) { pointer in
            let raw = unsafe UnsafeRawPointer(pointer)
            switch Int32(unsafe pointer.pointee.ss_family) {
            case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
                return unsafe ListeningSocket.text(SocketAddress(raw.load(as: sockaddr_in.self)))
            case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
                return unsafe ListeningSocket.text(SocketAddress(raw.load(as: sockaddr_in6.self)))
            case AF_UNIX where length > 2:
                // Behind the family; a name that begins with a zero is an abstract one.
                let path = unsafe UnsafeRawBufferPointer(start: raw + 2, count: length - 2).prefix { $0 != 0 }
                return unsafe String(decoding: path, as: UTF8.self)
            default: return ""
            }
        }
    }
}
