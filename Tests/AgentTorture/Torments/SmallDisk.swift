// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A small file system of its own for the agent's state, which can be filled. Only root may mount it.
final class SmallDisk: @unchecked Sendable {  // the tormentor's, then the driver's
    private let folder: String

    /// - Returns: nil if nothing can be mounted.
    init?(folder: String) {
        self.folder = folder
        guard unsafe mount("tmpfs", folder, "tmpfs", 0, "size=256m,mode=700") == 0 else { return nil }
    }

    deinit { unsafe umount2(folder, Int32(MNT_DETACH)) }

    private var ballast: String { folder + "/ballast" }

    func fill() {
        let file = unsafe open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 65_536)
        while unsafe write(file, block, block.count) > 0 {}
    }

    func free() { unsafe unlink(ballast) }
}
