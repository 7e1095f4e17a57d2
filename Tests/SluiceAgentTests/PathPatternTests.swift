// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceAgent
import Testing

@Suite("Patterns for paths")
struct PathPatternTests {
    @Test(
        "Names",
        arguments: [
            ("app.log", "app.log", true), ("app.log", "app.log.1", false), ("*.log", "app.log", true),
            ("*.log", ".log", false), (".*", ".hidden", true), ("*", ".hidden", false), ("a*c*e", "abcde", true),
            ("a*c*e", "abcdf", false), ("a*c*e", "acce", true), ("??.log", "ab.log", true), ("??.log", "é1.log", true),
            ("??.log", "a.log", false), ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true),
            ("[^a-c]x", "ax", false), ("[]a]", "]", true), ("[a-]", "-", true), ("[é-ö]", "ñ", true),
            ("\\*", "*", true), ("\\*", "a", false), ("*", "", true), ("a", "", false), ("**a", "ba", true),
            ("*[0-9][0-9]", "app12", true), ("*[0-9][0-9]", "app1a", false), ("é*", "élan", true),
        ]
    )
    func names(pattern: String, name: String, isMatch: Bool) throws {
        #expect(try NamePattern(pattern[...]).matches(name) == isMatch)
    }

    @Test(
        "Paths",
        arguments: [
            ("/var/log/*.log", "/var/log/app.log", true), ("/var/log/*.log", "/var/log/a/app.log", false),
            ("/var/log/**/*.log", "/var/log/app.log", true), ("/var/log/**/*.log", "/var/log/a/b/app.log", true),
            ("/var/log/**/*.log", "/var/log/a/.b/app.log", false), ("/var/log/**", "/var/log/a/b", true),
            ("/var/{log,lib}/*.{txt,log}", "/var/lib/a.txt", true),
            ("/var/{log,lib}/*.{txt,log}", "/var/tmp/a.log", false),
            ("/a/{b,{c,d}e}/f", "/a/de/f", true), ("/a/{b,{c,d}e}/f", "/a/e/f", false), ("/a/b{,.1}", "/a/b", true),
            ("/a/b{,.1}", "/a/b.1", true), ("/a/**/b/**/c", "/a/b/c", true), ("/a/**/b/**/c", "/a/x/b/y/z/c", true),
            ("/a/**/b/**/c", "/a/x/c", false), ("//a/./b", "/a/b", true), ("/a/\\{b\\}", "/a/{b}", true),
        ]
    )
    func paths(pattern: String, path: String, isMatch: Bool) throws {
        #expect(try PathPatterns([pattern]).matches(path) == isMatch)
    }

    @Test(
        "What is wrong is said",
        arguments: [
            ("/a/[b", "has a '[' without ']'"), ("/a/{b,c", "has a '{' without '}'"),
            ("/a/b\\", "ends with '\\', which stands before a character"),
            ("/a/[z-a]", "has the range 'z-a', whose end comes before its beginning"),
            ("/" + String(repeating: "{a,b}", count: 11), "stands for more than 1024 others by its braces"),
        ]
    )
    func errors(pattern: String, reason: String) {
        #expect(throws: PathPatternError(reason)) { try PathPattern.parse(pattern) }
    }

    @Test("A walk finds what matches, each directory once, and loops of symbolic links end")
    func walk() throws {
        let root = try Folder()
        defer { root.remove() }
        for directory in ["a", "a/b", "a/.hidden", "c"] { _ = unsafe mkdir(root.path + "/" + directory, 0o755) }
        for file in ["1.log", "a/2.log", "a/b/3.log", "a/b/3.txt", "a/.hidden/4.log", "c/5.log"] { root.touch(file) }
        _ = unsafe symlink(root.path, root.path + "/a/loop")
        _ = unsafe symlink(root.path + "/c", root.path + "/a/link")
        _ = unsafe symlink(root.path + "/nowhere", root.path + "/broken.log")
        var found: [String: Bool] = [:]
        var directories: [String] = []
        PathWalk(patterns: try PathPatterns([root.path + "/**/*.log", root.path + "/a/b/3.txt"])) { path, _ in
            directories.append(path)
        } found: { path, status in
            found[String(path.dropFirst(root.path.count + 1))] = status?.isRegular ?? false
        }.all()
        // The files of `c` are met under one of its two names.
        let fives = found.keys.filter { $0.hasSuffix("5.log") }
        #expect(fives.count == 1)
        for five in fives { found[five] = nil }
        #expect(found == ["1.log": true, "a/2.log": true, "a/b/3.log": true, "a/b/3.txt": true, "broken.log": false])
        #expect(directories.contains(root.path + "/a/b") && directories.contains("/"))
    }

    /// A directory of its own.
    struct Folder {
        let path: String

        init() throws {
            var template = Array("/tmp/sluice-walk-XXXXXX".utf8CString)
            let made = unsafe mkdtemp(&template) != nil
            try #require(made)
            let text = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // As the walk has it: without symbolic links before the end.
            path = text
        }

        func touch(_ name: String) { close(unsafe open(path + "/" + name, O_CREAT | O_WRONLY, 0o644)) }

        func remove() { Self.remove(path) }

        private static func remove(_ path: String) {
            for name in DirectoryListing.names(path) {
                // Of a directory only, because links are removed and not followed.
                if unsafe unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
            }
            _ = unsafe rmdir(path)
        }
    }
}
