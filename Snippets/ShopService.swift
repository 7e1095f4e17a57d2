// The service of the tutorial: its main.swift, in the order in which it grows.

// snippet.imports
import Logging
import ServiceLifecycle
import SluiceLogging
import UnixSignals

// snippet.end

// snippet.shop
/// Takes an order every half second, so that there is something to log.
struct Shop: Service {
    private let log = ContextLogger("shop.orders")
    private let logger = Logger(label: "shop.stock")

    func run() async throws {
        var order = 0
        while !Task.isShuttingDownGracefully {
            order += 1
            let id = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            await withLogContext(["request_id": id]) { await take(order) }
            try await Task.sleep(for: .milliseconds(500))
        }
        log.info("closed") { $0["orders"] = order }
    }

    private func take(_ order: Int) async {
        let pieces = await countPieces(for: order)
        guard pieces > 0 else {
            log.warning("sold out") { $0["order"] = order }
            return
        }
        log.info("order taken") {
            $0["order"] = order
            $0["pieces"] = pieces
        }
    }

    /// Stands for a library that logs through swift-log and knows nothing of requests.
    private func countPieces(for order: Int) async -> Int {
        let pieces = order % 4
        logger.debug("stock read", metadata: ["pieces": .stringConvertible(pieces)])
        return pieces
    }
}
// snippet.end

// snippet.reload
/// Reads the configuration again at each SIGHUP.
struct ConfigurationReload: Service {
    let path: String

    func run() async throws {
        let log = ContextLogger("shop.logging")
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try LogEngine.shared.reload(contentsOfFile: path)
                log.notice("the configuration was read again")
            } catch {
                log.error("the configuration is wrong, and the old one stays in force", error: error)
            }
        }
    }
}
// snippet.end

// snippet.main
let path = "logging.json"
LogEngine.shared.configure(try LogConfiguration(contentsOfFile: path))
LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }

let group = ServiceGroup(
    services: [LogFlushService(), ConfigurationReload(path: path), Shop()],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: Logger(label: "shop.service")
)
try await group.run()
// snippet.end
