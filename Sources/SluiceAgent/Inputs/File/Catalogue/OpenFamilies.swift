// SPDX-License-Identifier: Apache-2.0

/// The open files by the paths that are written to, from which rotation moved or will move them: those of which an event
/// can go on in the next. What a directory holds says less: in the middle of a rotation names are missing.
struct OpenFamilies {
    private var files: [String: [ObjectIdentifier: TailedFile]] = [:]

    /// The open files that were met under a path, or under what rotation makes of it.
    subscript(base: String) -> [TailedFile] { files[base].map { Array($0.values) } ?? [] }

    mutating func insert(_ file: TailedFile) {
        for base in Self.bases(of: file) { files[base, default: [:]][ObjectIdentifier(file)] = file }
    }

    mutating func remove(_ file: TailedFile) {
        for base in Self.bases(of: file) {
            files[base]?[ObjectIdentifier(file)] = nil
            if files[base]?.isEmpty == true { files[base] = nil }
        }
    }

    private static func bases(of file: TailedFile) -> [String] {
        let path = file.generation.path
        return [path] + FileCopy.bases(ofName: path)
    }
}
