// SPDX-License-Identifier: Apache-2.0

package import SluiceBytes

/// What compressed bytes can be written to.
package protocol GzipOutput {
    /// Lets `fill` write up to `room` bytes at the end; it returns how many it wrote.
    func extend(room: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int)
}

extension GzipOutput {
    func append(_ bytes: [UInt8]) {
        unsafe extend(room: bytes.count) { room in
            unsafe room.copyBytes(from: bytes)
            return bytes.count
        }
    }
}

extension ByteArena: GzipOutput {
    package func extend(room: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Int) {
        unsafe append(room: room, fill)
    }
}
