// SPDX-License-Identifier: Apache-2.0
//
// Counts calls of the allocator of the process it is preloaded into (LD_PRELOAD, Linux with glibc).
//
// The count lives in the file that ALLOCATION_COUNTER_FILE names, eight bytes in the machine's order, so that it can be
// read while the process runs and after it was killed. Without that variable it is printed to stderr at exit. A
// process can read its own count by calling allocation_counter_total, found with dlsym.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Atomic uint64_t own;
static _Atomic uint64_t *count = &own;

static inline void add(void) { atomic_fetch_add_explicit(count, 1, memory_order_relaxed); }

uint64_t allocation_counter_total(void) { return atomic_load_explicit(count, memory_order_relaxed); }

void *malloc(size_t size) {
    add();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    add();
    return __libc_calloc(number, size);
}

void *realloc(void *pointer, size_t size) {
    add();
    return __libc_realloc(pointer, size);
}

void *memalign(size_t alignment, size_t size) {
    add();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    add();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    add();
    void *allocated = __libc_memalign(alignment, size);
    if (!allocated) return ENOMEM;
    *pointer = allocated;
    return 0;
}

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("ALLOCATION_COUNTER_FILE");
    if (!path) return;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || ftruncate(file, sizeof(uint64_t)) != 0) return;
    void *shared = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared == MAP_FAILED) return;
    _Atomic uint64_t *counter = shared;
    atomic_store(counter, atomic_load(&own));
    count = counter;
}

__attribute__((destructor)) static void end(void) {
    if (count == &own) dprintf(STDERR_FILENO, "allocations %llu\n", (unsigned long long)allocation_counter_total());
}
