// SPDX-License-Identifier: Apache-2.0

/// `{app="x"} |= "text" | json | level="error"`
struct LogSelector {
    var matchers: [LabelMatcher]
    var stages: [PipelineStage]
}
