// SPDX-License-Identifier: Apache-2.0

/// What stood under a path and under the names that rotation gives files from there, looked at one after the other.
struct FamilyLook: Equatable {
    let path: String
    /// What stood under the path itself.
    let current: FileStatus.Identity?
    private(set) var members: [(path: String, status: FileStatus)] = []
    /// The names that were listed, and had nothing under them: the list is old, or they are dangling links.
    private(set) var missing: Set<String> = []

    init(_ path: String, _ families: inout FileFamilies) {
        self.path = path
        current = FileStatus(path: path)?.identity
        for name in families.of(path) {
            // It may have been compressed just now.
            let compressed = name + FileCompression.suffix
            if let status = FileStatus(path: name) {
                members.append((name, status))
            } else {
                missing.insert(name)
                if let status = FileStatus(path: compressed) { members.append((compressed, status)) }
            }
        }
    }

    /// Whether the same files stood under the same names.
    static func == (left: FamilyLook, right: FamilyLook) -> Bool {
        left.path == right.path && left.current == right.current && left.missing == right.missing
            && left.members.elementsEqual(right.members) {
                $0.path == $1.path && $0.status.identity == $1.status.identity
            }
    }
}
