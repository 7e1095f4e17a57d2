// SPDX-License-Identifier: Apache-2.0
// What processors do and Swift has no operation for. In a header, so that it becomes part of the loop around it.
#ifndef SLUICE_PROCESSOR_H
#define SLUICE_PROCESSOR_H

#include <stdint.h>

/// Has the processor fetch what will be read soon.
static inline void sluice_prefetch(const void *place) { __builtin_prefetch(place); }

#if defined(__x86_64__)

#include <emmintrin.h>

/// A bit for each of sixteen bytes that is a quote, a backslash, a control character or not ASCII.
static inline uint64_t sluice_string_marks_16(const uint8_t *bytes) {
    const __m128i block = _mm_loadu_si128((const __m128i *)bytes);
    const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    // With a sign, what is not ASCII is below the space, too.
    const __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(' '));
    return (uint64_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), low));
}

/// How many of 32 bytes stand before the first such; 32 if there is none.
static inline int64_t sluice_string_plain_32(const uint8_t *bytes) {
    const uint64_t marks = sluice_string_marks_16(bytes) | sluice_string_marks_16(bytes + 16) << 16;
    return __builtin_ctzll(marks | 1ull << 32);
}

#endif
#endif
