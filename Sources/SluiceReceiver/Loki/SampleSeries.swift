// SPDX-License-Identifier: Apache-2.0

/// One line of samples over a grid; nil where there is none.
package struct SampleSeries {
    package var labels: LabelSet
    package var values: [Double?]
}
