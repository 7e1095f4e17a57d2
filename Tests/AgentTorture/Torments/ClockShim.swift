// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Lets a process see another time than the machine's: a library that is loaded before the C library and adds to
/// `clock_gettime(CLOCK_REALTIME)` what stands in a file.
final class ClockShim: Sendable {
    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <time.h>
        #include <unistd.h>

        static const volatile int64_t *offset;
        static int (*next)(clockid_t, struct timespec *);

        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("TORTURE_CLOCK");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            void *memory = file >= 0 ? mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
            if (file >= 0) close(file);
            if (memory != MAP_FAILED) offset = memory;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = next(clock, time);
            if (result == 0 && clock == CLOCK_REALTIME && offset) time->tv_sec += *offset;
            return result;
        }
        """

    private let library: String
    private let file: String

    /// Compiles the library.
    ///
    /// - Returns: nil if there is no compiler.
    init?(folder: String) {
        library = folder + "/clock.so"
        file = folder + "/clock"
        let source = folder + "/clock.c"
        do {
            try TextFile.write(Self.source, source)
            let compiler = try ChildProcess(
                ["/usr/bin/env", "cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
                output: .file(folder + "/cc.log")
            )
            guard compiler.wait(milliseconds: 60_000) == 0 else { return nil }
        } catch {
            return nil
        }
        set(offset: 0)
    }

    /// For the process that is to see it.
    var variables: [String] { ["LD_PRELOAD=\(library)", "TORTURE_CLOCK=\(file)"] }

    /// - Parameter offset: nanoseconds, of which whole seconds count.
    func set(offset: Int64) {
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var seconds = offset / MachineClock.second
        _ = unsafe pwrite(descriptor, &seconds, MemoryLayout<Int64>.size, 0)
    }
}
