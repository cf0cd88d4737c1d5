#include "lane.h"

#include <string.h>

static const uint16_t length_base[29] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t dist_base[30] = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

static inline int dist_extra(unsigned s) { return s < 4 ? 0 : (int)(s / 2 - 1); }

static inline uint32_t reverse15(uint32_t v) {
  v = (v & 0x5555) << 1 | (v >> 1 & 0x5555);
  v = (v & 0x3333) << 2 | (v >> 2 & 0x3333);
  v = (v & 0x0f0f) << 4 | (v >> 4 & 0x0f0f);
  v = (v & 0x00ff) << 8 | (v >> 8 & 0x00ff);
  return v >> 1;
}

/* Makes sure of n <= 48 bits. */
static inline int need(struct lane *l, uint32_t n) {
  while (l->count < n) {
    if (l->in == l->in_end) return 0;
    l->bits |= (uint64_t)*l->in++ << l->count;
    l->count += 8;
  }
  return 1;
}

static inline uint32_t take(struct lane *l, uint32_t n) {
  uint32_t v = (uint32_t)(l->bits & (((uint64_t)1 << n) - 1));
  l->bits >>= n;
  l->count -= n;
  return v;
}

/* Orders symbols by their codes. Only complete codes are taken. */
static int make_code(struct code *c, const uint8_t *lens, unsigned n) {
  uint32_t count[LONGEST + 1] = {0}, at[LONGEST + 2] = {0};
  for (unsigned i = 0; i < n; i++) count[lens[i]]++;
  uint32_t next = 0, used = 0;
  for (unsigned b = 1; b <= LONGEST; b++) {
    at[b] = used;
    c->shift[b] = (int32_t)used - (int32_t)(next >> (LONGEST - b));
    next += count[b] << (LONGEST - b);
    used += count[b];
    c->limit[b] = next;
  }
  if (next != 1u << LONGEST) return 0;
  for (unsigned i = 0; i < n; i++)
    if (lens[i] > 0) c->symbols[at[lens[i]]++] = (uint16_t)i;
  return 1;
}

/* The next symbol, or -1 where the input does not have it. */
static inline int decode(struct lane *l, const struct code *c) {
  uint32_t avail = LONGEST;
  if (!need(l, LONGEST)) avail = l->count;
  uint32_t v = reverse15((uint32_t)l->bits & 0x7fff);
  unsigned b = 1;
  while (v >= c->limit[b]) b++;
  if (b > avail) return -1;
  l->bits >>= b;
  l->count -= b;
  return c->symbols[(int32_t)(v >> (LONGEST - b)) + c->shift[b]];
}

static inline uint32_t lit_entry(unsigned s, unsigned b) {
  if (s < 256) return LIT_CODE(b) | LIT_COUNT | LIT_BYTE(s);
  if (s > 256 && s < 265) return LIT_CODE(b) | LIT_MATCH(s - 254);
  return LIT_RARE;
}

static void fill_lit(struct parus_lanes *w, struct lane *l) {
  const struct code *c = &l->lit_code;
  const uint32_t size = 1u << LIT_BITS;
  uint32_t from = 0, i = 0;
  for (uint32_t k = 0; k < size; k++) w->second[k] = l->lit[k] = LIT_RARE;
  /* One symbol each. */
  for (unsigned b = 1; b <= LIT_BITS; b++)
    for (; from < c->limit[b]; from += 1u << (LONGEST - b)) {
      uint32_t e = lit_entry(c->symbols[i++], b);
      for (uint32_t k = reverse15(from); k < size; k += 1u << b) l->lit[k] = e;
    }
  for (uint32_t k = 0; k < size; k++) {
    uint32_t e = l->lit[k], byte = e & LIT_BYTE(255);
    /* What cannot come second gets a length that never fits. */
    w->second[k] = e == LIT_RARE ? 63 : e + (byte << 8) - byte;
  }
  /* Another after a literal, where it fits. */
  from = i = 0;
  for (unsigned b = 1; b < LIT_BITS; b++)
    for (; from < c->limit[b]; from += 1u << (LONGEST - b)) {
      if (c->symbols[i++] > 255) continue;
      uint32_t k = reverse15(from), e = l->lit[k];
      for (uint32_t j = 0; k < size; k += 1u << b, j++) {
        uint32_t s = w->second[j];
        l->lit[k] = e + ((s & 63) <= LIT_BITS - b ? s : 0);
      }
    }
}

static void fill_dist(struct lane *l) {
  const struct code *c = &l->dist_code;
  const uint32_t size = 1u << DIST_BITS;
  uint32_t from = 0, i = 0;
  l->dist[0] = DIST_NONE;
  uint32_t *dist = l->dist + size;
  for (uint32_t k = 0; k < size; k++) dist[k] = DIST_RARE;
  for (unsigned b = 1; b <= DIST_BITS; b++)
    for (; from < c->limit[b]; from += 1u << (LONGEST - b)) {
      unsigned s = c->symbols[i++];
      uint32_t e = s < 30 ? DIST(dist_base[s], dist_extra(s), b) : DIST_RARE;
      for (uint32_t k = reverse15(from); k < size; k += 1u << b) dist[k] = e;
    }
}

/* Reads the lengths of a block's own codes. */
static int read_lengths(struct lane *l, uint8_t *lens, unsigned lits, unsigned dists, unsigned n) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  uint8_t first[19] = {0};
  for (unsigned i = 0; i < n; i++) {
    if (!need(l, 3)) return 0;
    first[order[i]] = (uint8_t)take(l, 3);
  }
  struct code c;
  if (!make_code(&c, first, 19)) return 0;
  for (unsigned i = 0; i < lits + dists;) {
    int s = decode(l, &c);
    if (s < 0) return 0;
    if (s < 16) {
      lens[i++] = (uint8_t)s;
      continue;
    }
    uint32_t extra = s == 16 ? 2 : s == 17 ? 3 : 7;
    if (!need(l, extra)) return 0;
    uint32_t times = take(l, extra) + (s == 18 ? 11 : 3);
    if (times > lits + dists - i || (s == 16 && i == 0)) return 0;
    memset(lens + i, s == 16 ? lens[i - 1] : 0, times);
    i += times;
  }
  return 1;
}

enum state parus_header(struct parus_lanes *w, struct lane *l) {
  uint8_t lens[288 + 32] = {0};
  unsigned lits = 288, dists = 32;
  if (l->last) return DONE;
  if (!need(l, 3)) return FAILED;
  l->last = (int)take(l, 1);
  switch (take(l, 2)) {
  case 0: {
    take(l, l->count & 7);
    if (!need(l, 32)) return FAILED;
    uint32_t n = take(l, 16);
    if (n != (take(l, 16) ^ 0xffff)) return FAILED;
    l->in -= l->count / 8; /* whole bytes go back */
    l->bits = l->count = 0;
    if (n > (size_t)(l->in_end - l->in) || n > (size_t)(l->out_end - l->out)) return FAILED;
    memcpy(l->out, l->in, n);
    l->in += n;
    l->out += n;
    return HEADER;
  }
  case 1:
    memset(lens, 8, 144);
    memset(lens + 144, 9, 112);
    memset(lens + 256, 7, 24);
    memset(lens + 280, 8, 8);
    memset(lens + 288, 5, 32);
    break;
  case 2: {
    if (!need(l, 14)) return FAILED;
    lits = take(l, 5) + 257;
    dists = take(l, 5) + 1;
    unsigned n = take(l, 4) + 4;
    if (lits > 286 || dists > 30 || !read_lengths(l, lens, lits, dists, n)) return FAILED;
    break;
  }
  default:
    return FAILED;
  }
  if (!make_code(&l->lit_code, lens, lits) || !make_code(&l->dist_code, lens + lits, dists)) return FAILED;
  fill_lit(w, l);
  fill_dist(l);
  return SYMBOLS;
}

enum state parus_symbol(struct lane *l) {
  int s = decode(l, &l->lit_code);
  if (s < 0) return FAILED;
  if (s < 256) {
    if (l->out == l->out_end) return FAILED;
    *l->out++ = (uint8_t)s;
    return SYMBOLS;
  }
  if (s == 256) return HEADER;
  s -= 257;
  if (s > 28 || !need(l, length_extra[s])) return FAILED;
  size_t n = length_base[s] + take(l, length_extra[s]);
  int ds = decode(l, &l->dist_code);
  if (ds < 0 || ds > 29 || !need(l, (uint32_t)dist_extra((unsigned)ds))) return FAILED;
  size_t dist = dist_base[ds] + take(l, (uint32_t)dist_extra((unsigned)ds));
  if (dist > (size_t)(l->out - l->start) || n > (size_t)(l->out_end - l->out)) return FAILED;
  if (dist >= n)
    memcpy(l->out, l->out - dist, n);
  else if (dist == 1)
    memset(l->out, l->out[-1], n);
  else
    for (size_t i = 0; i < n; i++) l->out[i] = l->out[i - dist];
  l->out += n;
  return SYMBOLS;
}

