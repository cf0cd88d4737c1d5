#include <stddef.h>
#include <stdint.h>

/* Undo the differences of TIFF's predictor 2, row by row and in place. */
void parus_sum16(uint16_t *p, size_t width, size_t rows);
void parus_sum8(uint8_t *p, size_t width, size_t rows);

/* Turn 16-bit values of the other byte order. */
void parus_swap16(uint16_t *p, size_t n);

/* Copy a rectangle of 8-bit values into 16-bit ones; strides in values. */
void parus_widen(const uint8_t *src, size_t src_stride, uint16_t *dst, size_t dst_stride, size_t width, size_t rows);
