// SPDX-License-Identifier: Apache-2.0

/// `{app="x"} |= "text" | json | level="error"`
package struct LogSelector {
    package var matchers: [LabelMatcher]
    package var stages: [PipelineStage]
}
