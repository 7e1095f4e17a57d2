// SPDX-License-Identifier: Apache-2.0
#ifndef SLUICE_CHECKSUM_H
#define SLUICE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has what `sluice_crc32_fold` needs.
int sluice_crc32_can_fold(void);

/// Goes on with a CRC-32 (RFC 1952) over `count` bytes: at least 64, and a multiple of 16.
///
/// `crc` and the result are as zlib's `crc32` has them. Only where `sluice_crc32_can_fold` says yes.
uint32_t sluice_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count);

#endif
