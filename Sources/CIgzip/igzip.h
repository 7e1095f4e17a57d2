// SPDX-License-Identifier: Apache-2.0
// What Sluice uses of ISA-L's deflate (libisal.so.2), declared here because the library is opened at run time and its
// headers need not be there. The order and the sizes of the fields are those of isal_zstream in ISA-L's igzip_lib.h,
// which have been the same in all of its versions 2.x since 2.20; its state, which follows them, is the library's own.

#ifndef SLUICE_IGZIP_H
#define SLUICE_IGZIP_H

#include <stdint.h>

struct sluice_igzip_stream {
    const uint8_t *next_in;
    uint32_t avail_in;
    uint32_t total_in;
    uint8_t *next_out;
    uint32_t avail_out;
    uint32_t total_out;
    const void *hufftables;
    uint32_t level;
    uint32_t level_buf_size;
    uint8_t *level_buf;
    uint16_t end_of_stream;
    uint16_t flush;
    uint16_t gzip_flag;
    uint16_t hist_bits;
};

#endif
