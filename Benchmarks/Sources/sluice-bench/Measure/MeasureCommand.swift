// SPDX-License-Identifier: Apache-2.0

enum MeasureCommand {
    static func run(_ options: Options) throws(ToolError) {
        throw ToolError("not yet")
    }
}
