#include "predict.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Eight running sums at a time: three shifted additions inside the register,
 * then the last sum of the register before. */
void parus_sum16(uint16_t *p, size_t width, size_t rows) {
  for (; rows > 0; rows--, p += width) {
    uint16_t sum = 0;
    size_t i = 0;
#ifdef __SSE2__
    __m128i carry = _mm_setzero_si128();
    for (; i + 8 <= width; i += 8) {
      __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
      v = _mm_add_epi16(v, _mm_slli_si128(v, 2));
      v = _mm_add_epi16(v, _mm_slli_si128(v, 4));
      v = _mm_add_epi16(v, _mm_slli_si128(v, 8));
      v = _mm_add_epi16(v, carry);
      _mm_storeu_si128((__m128i *)(p + i), v);
      carry = _mm_shufflehi_epi16(v, 0xff);
      carry = _mm_unpackhi_epi64(carry, carry);
    }
    if (i > 0) sum = p[i - 1];
#endif
    for (; i < width; i++) {
      sum = (uint16_t)(sum + p[i]);
      p[i] = sum;
    }
  }
}

void parus_sum8(uint8_t *p, size_t width, size_t rows) {
  for (; rows > 0; rows--, p += width) {
    uint8_t sum = 0;
    size_t i = 0;
#ifdef __SSE2__
    __m128i carry = _mm_setzero_si128();
    for (; i + 16 <= width; i += 16) {
      __m128i v = _mm_loadu_si128((const __m128i *)(p + i));
      v = _mm_add_epi8(v, _mm_slli_si128(v, 1));
      v = _mm_add_epi8(v, _mm_slli_si128(v, 2));
      v = _mm_add_epi8(v, _mm_slli_si128(v, 4));
      v = _mm_add_epi8(v, _mm_slli_si128(v, 8));
      v = _mm_add_epi8(v, carry);
      _mm_storeu_si128((__m128i *)(p + i), v);
      carry = _mm_unpackhi_epi8(v, v); /* the last value in both bytes of lane 7 */
      carry = _mm_shufflehi_epi16(carry, 0xff);
      carry = _mm_unpackhi_epi64(carry, carry);
    }
    if (i > 0) sum = p[i - 1];
#endif
    for (; i < width; i++) {
      sum = (uint8_t)(sum + p[i]);
      p[i] = sum;
    }
  }
}

void parus_swap16(uint16_t *p, size_t n) {
  for (size_t i = 0; i < n; i++) p[i] = (uint16_t)(p[i] << 8 | p[i] >> 8);
}

void parus_widen(const uint8_t *src, size_t src_stride, uint16_t *dst, size_t dst_stride, size_t width, size_t rows) {
  for (; rows > 0; rows--, src += src_stride, dst += dst_stride)
    for (size_t i = 0; i < width; i++) dst[i] = src[i];
}
