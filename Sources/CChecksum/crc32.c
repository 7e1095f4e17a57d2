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

/// What is left of 128 bits: to 96, to 64, and those to 32 by Barrett's reduction.
FOLDING static inline uint32_t reduce(__m128i remainder) {
    const __m128i by16 = _mm_set_epi64x(0x00ccaa009e, 0);
    const __m128i by8 = _mm_set_epi64x(0, 0x0163cd6124);
    const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    const __m128i low32 = _mm_set_epi32(0, -1, 0, -1);

    __m128i reduced = _mm_clmulepi64_si128(remainder, by16, 0x10);
    remainder = _mm_xor_si128(_mm_srli_si128(remainder, 8), reduced);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(remainder, low32), by8, 0x00);
    remainder = _mm_xor_si128(_mm_srli_si128(remainder, 4), reduced);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(remainder, low32), barrett, 0x10);
    reduced = _mm_clmulepi64_si128(_mm_and_si128(reduced, low32), barrett, 0x00);
    return ~(uint32_t)_mm_extract_epi32(_mm_xor_si128(remainder, reduced), 1);
}

/// Four remainders side by side: a multiplication takes longer than it takes to begin the next.
FOLDING static uint32_t fold_by_16(uint32_t crc, const uint8_t *bytes, size_t count) {
    const __m128i by64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i by16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);

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
    return reduce(remainder);
}

#define FOLDING_WIDELY __attribute__((target("avx2,vpclmulqdq,pclmul")))

/// The same with two remainders in each register.
FOLDING_WIDELY static uint32_t fold_by_32(uint32_t crc, const uint8_t *bytes, size_t count) {
    const __m256i by128 = _mm256_set_epi64x(0x014a7fe880, 0x01e88ef372, 0x014a7fe880, 0x01e88ef372);
    const __m128i by16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);

    __m256i lane[4];
    for (int i = 0; i < 4; i++) lane[i] = _mm256_loadu_si256((const __m256i *)(bytes + 32 * i));
    lane[0] = _mm256_xor_si256(lane[0], _mm256_zextsi128_si256(_mm_cvtsi32_si128((int)~crc)));
    bytes += 128;
    count -= 128;
    for (; count >= 128; bytes += 128, count -= 128) {
        for (int i = 0; i < 4; i++) {
            __m256i low = _mm256_clmulepi64_epi128(lane[i], by128, 0x00);
            __m256i high = _mm256_clmulepi64_epi128(lane[i], by128, 0x11);
            __m256i next = _mm256_loadu_si256((const __m256i *)(bytes + 32 * i));
            lane[i] = _mm256_xor_si256(_mm256_xor_si256(low, high), next);
        }
    }

    __m128i remainder = _mm_setzero_si128();
    for (int i = 0; i < 4; i++) {
        remainder = fold(remainder, by16, _mm256_castsi256_si128(lane[i]));
        remainder = fold(remainder, by16, _mm256_extracti128_si256(lane[i], 1));
    }
    for (; count >= 16; bytes += 16, count -= 16) remainder = fold(remainder, by16, load(bytes));
    return reduce(remainder);
}

uint32_t sluice_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count) {
    const int is_wide = __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx2");
    return is_wide && count >= 128 ? fold_by_32(crc, bytes, count) : fold_by_16(crc, bytes, count);
}

#else

int sluice_crc32_can_fold(void) { return 0; }

uint32_t sluice_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return crc;
}

#endif
