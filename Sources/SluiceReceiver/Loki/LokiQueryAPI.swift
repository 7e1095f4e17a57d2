// SPDX-License-Identifier: Apache-2.0

import SluiceBytes
import SluicePatterns
import SluiceSQLite

/// The reading half of Loki's HTTP API.
struct LokiQueryAPI {
    /// Why a question gets no answer.
    struct Refusal: Error {
        var status: Int
        var message: String

        init(_ message: String, status: Int = 400) {
            self.status = status
            self.message = message
        }
    }

    let configuration: Receiver.Configuration
    let store: Store

    private static let minute: Int64 = 60_000_000_000
    private static let hour: Int64 = 60 * minute

    func reply(to call: HTTPCall, tenant: String) async -> HTTPReply {
        guard call.path.count >= 3, call.path.prefix(3) == ["loki", "api", "v1"] else {
            return HTTPReply(status: 404, text: "404 page not found\n")
        }
        guard ["GET", "HEAD", "POST"].contains(call.method) else {
            return HTTPReply(status: 405, text: "method not allowed: ask with GET or POST\n")
        }
        var query = call.query
        if call.method == "POST",
            call.header("Content-Type").flatMap({ MediaType($0) })?.essence == "application/x-www-form-urlencoded"
        {
            query.append(contentsOf: QueryParameters(call.body.view.array))
        }
        let asked = LokiQuestion(parameters: query, now: configuration.now())
        let path = Array(call.path.dropFirst(3))
        let flags = call.header("X-Loki-Response-Encoding-Flags") ?? ""
        do {
            guard !tenant.contains("|") else { throw Refusal("multiple org IDs present") }
            return try await store.readers.run { database in
                try answer(path, asked, database, tenant, isCategorized: flags.contains("categorize-labels"))
            }
        } catch {
            return Self.reply(to: error)
        }
    }

    private static func reply(to error: any Error) -> HTTPReply {
        switch error {
        case let error as Refusal: HTTPReply(status: error.status, text: error.message + "\n")
        case let error as LogQLError: HTTPReply(status: 400, text: "\(error)\n")
        case let error as RegularExpression.Failure: HTTPReply(status: 400, text: "\(error)\n")
        case let error as MetricQuery.TooManySeries: HTTPReply(status: 400, text: "\(error)\n")
        case is QueryDeadline.Passed:
            HTTPReply(status: 504, text: "the query took longer than 60 seconds: ask for less time or fewer streams\n")
        case ReceiverError.stopping: HTTPReply(status: 503, text: "\(error)\n")
        default: HTTPReply(status: 500, text: "\(error)\n")
        }
    }

    private func answer(
        _ path: [String],
        _ asked: LokiQuestion,
        _ database: SQLiteDatabase,
        _ tenant: String,
        isCategorized: Bool
    ) throws -> HTTPReply {
        let listing = LokiListing(database: database, tenant: tenant)
        switch path {
        case ["query_range"]: return try queryRange(asked, database, tenant, isCategorized)
        case ["query"]: return try query(asked, database, tenant)
        case ["labels"], ["label"]:
            return HTTPReply(json: try listing.labelNames(asked.matchers("query"), asked.span(default: 6 * Self.hour)))
        case let path where path.count == 3 && path[0] == "label" && path[2] == "values":
            return HTTPReply(
                json: try listing.labelValues(path[1], asked.matchers("query"), asked.span(default: 6 * Self.hour))
            )
        case ["series"]:
            return HTTPReply(json: try listing.series(asked.allMatchers(), asked.span(default: Self.hour)))
        case ["index", "stats"]:
            return HTTPReply(json: try listing.stats(asked.matchers("query"), asked.span(default: Self.hour)))
        case ["index", "volume"], ["index", "volume_range"]:
            return HTTPReply(json: try volume(asked, database, tenant, isRange: path[1] == "volume_range"))
        case ["detected_fields"]:
            let selector = try asked.selector()
            let span = try asked.span(default: Self.hour)
            return HTTPReply(
                json: try listing.detectedFields(selector, span, try asked.integer("line_limit", default: 1000))
            )
        case ["detected_labels"]:
            return HTTPReply(json: try listing.detectedLabels(asked.matchers("query"), asked.span(default: Self.hour)))
        case ["status", "buildinfo"]:
            return HTTPReply(
                json: JSONValue.object([
                    "version": .string("3.0.0"), "revision": .string("sluice"), "branch": .string(""),
                    "buildUser": .string(""), "buildDate": .string(""), "goVersion": .string(""),
                ]).bytes
            )
        default: throw Refusal("404 page not found", status: 404)
        }
    }

    // MARK: Queries

    private func queryRange(
        _ asked: LokiQuestion,
        _ database: SQLiteDatabase,
        _ tenant: String,
        _ isCategorized: Bool
    ) throws -> HTTPReply {
        let expression = try asked.expression()
        let span = try asked.span(default: Self.hour)
        guard span.lowerBound < span.upperBound || !expression.isLogs else {
            throw Refusal("end timestamp must not be before or equal to start time")
        }
        if case .logs(let selector) = expression {
            let limit = try asked.integer("limit", default: 100)
            guard limit > 0 else { throw Refusal("limit must be a positive value") }
            let most = configuration.loki.maximumEntriesPerQuery
            guard limit <= most else {
                throw Refusal(
                    "max entries limit per query exceeded, limit > max_entries_limit_per_query (\(limit) > \(most))"
                )
            }
            let entries = try LogQuery(
                database: database,
                tenant: tenant,
                selector: selector,
                span: span,
                limit: limit,
                isForward: try asked.isForward()
            ).run()
            return HTTPReply(json: LokiResponse.streams(entries, isCategorized: isCategorized))
        }
        let grid = SampleGrid(start: span.lowerBound, end: span.upperBound, step: try asked.step(span))
        guard grid.count <= SampleGrid.maximumCount else {
            throw Refusal(
                "exceeded maximum resolution of 11,000 points per time series. "
                    + "Try increasing the value of the step parameter"
            )
        }
        switch try MetricQuery(database: database, tenant: tenant, grid: grid).evaluate(expression) {
        case .vector(let series): return HTTPReply(json: LokiResponse.matrix(series, grid: grid))
        case .scalar(let values):
            return HTTPReply(json: LokiResponse.matrix([SampleSeries(labels: LabelSet(), values: values)], grid: grid))
        }
    }

    private func query(_ asked: LokiQuestion, _ database: SQLiteDatabase, _ tenant: String) throws -> HTTPReply {
        let expression = try asked.expression()
        guard !expression.isLogs else {
            throw Refusal(
                "log queries are not supported as an instant query type, please change your query to a range query type"
            )
        }
        let instant = try asked.time("time") ?? asked.now
        let query = MetricQuery(database: database, tenant: tenant, grid: SampleGrid(at: instant))
        switch try query.evaluate(expression) {
        case .vector(let series): return HTTPReply(json: LokiResponse.vector(series, at: instant))
        case .scalar(let values): return HTTPReply(json: LokiResponse.scalar(values.first ?? 0, at: instant))
        }
    }

    /// Bytes of lines, by the labels that the selector names (or `targetLabels`).
    private func volume(
        _ asked: LokiQuestion,
        _ database: SQLiteDatabase,
        _ tenant: String,
        isRange: Bool
    ) throws -> ByteArena {
        let span = try asked.span(default: Self.hour)
        let matchers = try asked.matchers("query")
        let limit = try asked.integer("limit", default: 100)
        let targets = asked.parameters["targetLabels"].map { $0.split(separator: ",").map { String($0) } }
        let names = targets.flatMap { $0.isEmpty ? nil : $0 } ?? matchers.map(\.name)
        let length = max(span.upperBound - span.lowerBound, 1)
        let step = isRange ? try asked.step(span) : length
        let grid =
            isRange
            ? SampleGrid(start: span.lowerBound, end: span.upperBound, step: step) : SampleGrid(at: span.upperBound)
        guard grid.count <= SampleGrid.maximumCount else {
            throw Refusal("exceeded maximum resolution of 11,000 points per time series")
        }
        let selector = LogSelector(matchers: matchers, stages: [])
        let bytes = RangeAggregation(operation: .bytesOverTime, selector: selector, range: step, offset: 0)
        let expression = LogQLExpression.aggregation(
            VectorAggregation(operation: .sum, number: 0, grouping: .by(names), operand: .range(bytes))
        )
        guard
            case .vector(var series) = try MetricQuery(database: database, tenant: tenant, grid: grid)
                .evaluate(expression)
        else { return LokiResponse.vector([], at: span.upperBound) }
        func size(_ series: SampleSeries) -> Double { series.values.reduce(0) { $0 + ($1 ?? 0) } }
        series = Array(series.sorted { size($0) > size($1) }.prefix(limit))
        return isRange ? LokiResponse.matrix(series, grid: grid) : LokiResponse.vector(series, at: span.upperBound)
    }
}
