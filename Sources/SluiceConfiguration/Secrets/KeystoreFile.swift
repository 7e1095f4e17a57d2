// SPDX-License-Identifier: Apache-2.0

import SluiceEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The file of a keystore: for its owner alone, and replaced as a whole.
package struct KeystoreFile: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var exists: Bool {
        unsafe access(path, F_OK) == 0
    }

    package func read(password: String) throws(SecretFailure) -> Keystore {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw SecretFailure("there is no keystore '\(path)': make one with 'sluice keystore create'")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SecretFailure("the keystore '\(path)' is open to others: close it with 'chmod 600 \(path)'")
        }
        switch ConfigurationFile.read(path, maximumSize: Keystore.maximumSize) {
        case .failure(let problem): throw SecretFailure("the keystore '\(path)' cannot be read: \(problem.message)")
        case .success(let bytes):
            do {
                return try Keystore(opening: String(decoding: bytes, as: UTF8.self), password: password)
            } catch {
                throw SecretFailure("\(path): \(error)")
            }
        }
    }

    /// Writes it beside the old one and puts it in its place, so that a crash leaves one of the two. Makes its directory.
    package func write(_ keystore: Keystore, password: String) throws(SecretFailure) {
        let text = Array(try keystore.sealed(password: password).utf8)
        makeDirectory()
        let temporary = "\(path).\(getpid()).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        var rest = text[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Self.put(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = failure()
                close(descriptor)
                unsafe unlink(temporary)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        let isSynced = fsync(descriptor) == 0
        close(descriptor)
        guard isSynced, unsafe rename(temporary, path) == 0 else {
            let failure = failure()
            unsafe unlink(temporary)
            throw failure
        }
        let directory = unsafe open(parent, O_RDONLY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    private var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func makeDirectory() {
        var made = parent.hasPrefix("/") ? "" : "."
        for part in parent.split(separator: "/") {
            made += "/" + part
            unsafe mkdir(made, 0o700)
        }
    }

    private func failure() -> SecretFailure {
        SecretFailure("the keystore '\(path)' cannot be written: \(unsafe String(cString: strerror(errno)))")
    }

    private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
