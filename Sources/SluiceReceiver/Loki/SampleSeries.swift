// SPDX-License-Identifier: Apache-2.0

/// One line of samples over a grid; nil where there is none.
struct SampleSeries {
    var labels: LabelSet
    var values: [Double?]
}
