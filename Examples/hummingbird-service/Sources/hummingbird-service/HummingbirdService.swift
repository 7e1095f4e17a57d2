// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import SluiceLogging

/// A service that predicts. Each line that it logs for a request carries the request's id.
@main
enum HummingbirdService {
    static func main() async {
        do {
            try await run(Settings(environment: Environment()))
        } catch {
            // Until a configuration is in force, this goes to the standard output.
            ContextLogger("mlops.service").critical("the service cannot run", error: error)
            exit(EXIT_FAILURE)
        }
    }

    private static func run(_ settings: Settings) async throws {
        LogEngine.shared.configure(try LogConfiguration(contentsOfFile: settings.loggingConfiguration))
        // From here on whatever uses swift-log, Hummingbird too, writes through the same engine.
        LoggingSystem.bootstrap { label in JSONLogHandler(label: label) }

        let log = ContextLogger("mlops.service")
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in log.info("listening") { $0["port"] = channel.localAddress?.port } },
            logger: Logger(label: "mlops.http")
        )
        // Services end in the reverse of their order: what the application says last is flushed after it.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [LogFlushService(), application],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "mlops.service")
            )
        )
        try await group.run()
        log.info("stopped")
    }

    private static func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: RequestLogging())
        router.get("health") { _, _ in "ok\n" }
        PredictionRoutes(model: Model()).add(to: router)
        return router
    }
}
