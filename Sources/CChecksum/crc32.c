// SPDX-License-Identifier: Apache-2.0
// CRC-32 by folding with carry-less multiplication, which Swift has no operation for. The method and the constants
// (powers of x modulo the polynomial, bits reversed) are those of V. Gopal and others, "Fast CRC Computation for
// Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009.

#include "checksum.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define FOLDING __attribute__((target("sse4.1,pclmul")))

int sluice_crc32_can_fold(void) { return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"); }

FOLDING static inline __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

/// Moves a remainder forward by the distance that the two powers stand for, and adds what lies there.
FOLDING static inline __m128i fold(__m128i remainder, __m128i powers, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(remainder, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(remainder, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

FOLDING uint32_t sluice_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count) {
    const __m128i by64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i by16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i by8 = _mm_set_epi64x(0, 0x0163cd6124);
    const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    const __m128i low32 = _mm_set_epi32(0, -1, 0, -1);

    // Four remainders side by side: a multiplication takes longer than it takes to begin the next.
    __m128i lane[4];
    for (int i = 0; i < 4; i++) lane[i] = load(bytes + 16 * i);
    lane[0] = _mm_xor_si128(lane[0], _mm_cvtsi32_si128((int)~crc));
    bytes += 64;
    count -= 64;
    for (; count >= 64; bytes += 64, count -= 64)
        for (int i = 0; i < 4; i++) lane[i] = fold(lane[i], by64, load(bytes + 16 * i));

    __m128i remainder = lane[0];
    for (int i = 1; i < 4; i++) remainder = fold(remainder, by16, lane[i]);
    for (; count >= 16; bytes += 16, count -= 16) remainder = fold(remainder, by16, load(bytes));

    // 128 bits to 96 to 64, and those to 32 by Barrett's reduction.
    __m128i reduced = _mm_clmulepi64_si128(remainder, by16, 0x10);
    remainder = _mm_xor_si128(_mm_srli_si128(remainder, 8), reduced);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(remainder, low32), by8, 0x00);
    remainder = _mm_xor_si128(_mm_srli_si128(remainder, 4), reduced);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(remainder, low32), barrett, 0x10);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(reduced, low32), barrett, 0x00);
    return ~(uint32_t)_mm_extract_epi32(_mm_xor_si128(remainder, reduced), 1);
}

#else

int sluice_crc32_can_fold(void) { return 0; }

uint32_t sluice_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return crc;
}

#endif
