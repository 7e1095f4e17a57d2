// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The folder that all files of a demo lie in.
struct DemoFolder {
    let path: String
    /// It was asked for by name, and stays.
    let isKept: Bool

    var application: String { path + "/app" }
    var state: String { path + "/state" }
    var data: String { path + "/data" }
    var logs: String { path + "/logs" }
    var pipeline: String { path + "/pipeline.yml" }

    /// - Parameters:
    ///   - wanted: a folder that does not exist yet, or is empty; nil makes one in `temporary`.
    ///   - temporary: the folder for temporary files that the environment names.
    init(_ wanted: String?, temporary: String?) throws(DemoFailure) {
        if let wanted {
            path = try Self.make(wanted)
            isKept = true
        } else {
            path = try Self.makeTemporary(in: temporary)
            isKept = false
        }
        for folder in [application, data, logs] {
            guard unsafe mkdir(folder, 0o700) == 0 else { throw DemoFailure("cannot make \(folder)", code: errno) }
        }
    }

    private static func make(_ wanted: String) throws(DemoFailure) -> String {
        // The path goes into a pipeline file, where these would mean something else.
        guard !wanted.isEmpty, isPlain(wanted) else {
            throw DemoFailure("--keep takes the name of a new folder, without any of * ? [ ] { } $ \" \\")
        }
        var path = wanted
        if !path.hasPrefix("/") {
            guard let current = unsafe getcwd(nil, 0) else { throw DemoFailure("no current folder", code: errno) }
            defer { unsafe free(current) }
            path = unsafe String(cString: current) + "/" + path
        }
        while path.count > 1, path.hasSuffix("/") { path = String(path.dropLast()) }
        if unsafe mkdir(path, 0o700) != 0 {
            let code = errno
            guard code == EEXIST else { throw DemoFailure("cannot make the folder \(path)", code: code) }
            // Removing works on an empty folder alone, so nobody's files are mixed with the demo's.
            guard unsafe rmdir(path) == 0, unsafe mkdir(path, 0o700) == 0 else {
                throw DemoFailure("\(path) is there already: name a folder with --keep that is new or empty")
            }
        }
        return path
    }

    private static func isPlain(_ path: String) -> Bool {
        !path.contains { "*?[]{}$\"\\".contains($0) || $0.isNewline }
    }

    private static func makeTemporary(in wanted: String?) throws(DemoFailure) -> String {
        let folder = wanted.flatMap { $0.hasPrefix("/") && isPlain($0) ? $0 : nil } ?? "/tmp"
        var template = Array((folder + "/sluice-demo-XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw DemoFailure("no folder can be made in \(folder) (name another in TMPDIR)", code: errno)
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it with all that is in it.
    func remove() { Self.remove(path) }

    private static func remove(_ folder: String) {
        if let directory = unsafe opendir(folder) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                    unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                // A symbolic link is unlinked, and never followed.
                if unsafe unlink("\(folder)/\(name)") != 0 { remove("\(folder)/\(name)") }
            }
            unsafe closedir(directory)
        }
        _ = unsafe rmdir(folder)
    }
}
