#ifndef PARUS_LANE_H
#define PARUS_LANE_H

/* What unpack.c and symbols.c share: one stream as it is decoded. After RFC
 * 1951 (DEFLATE) and RFC 1950 (zlib). */

#include "unpack.h"

enum {
  LANES = 2,
  LIT_BITS = 11,  /* of the index of lit */
  DIST_BITS = 10, /* of the index of dist */
  LONGEST = 15,   /* bits of a code */
};

/* What lit says of the next bits: one or two literals, a match, or a literal
 * and a match. Sums of two entries mean one after the other. */
#define LIT_CODE(n) ((uint32_t)(n))       /* bits 0-5: length of the codes */
#define LIT_COUNT ((uint32_t)1 << 6)      /* bits 6-7: literals */
#define LIT_BYTE(b) ((uint32_t)(b) << 8)  /* bits 8-23: literals */
#define LIT_MATCH(n) ((uint32_t)(n) << 24 | (uint32_t)1 << 31) /* bits 24-30: length */
#define LIT_RARE ((uint32_t)127 << 24)    /* left to symbol() */

/* What dist says: bits 0-7 code and extra bits, 8-15 code, 16-31 the least
 * distance. */
#define DIST(base, extra, code) ((uint32_t)(base) << 16 | (uint32_t)(code) << 8 | (uint32_t)((code) + (extra)))
#define DIST_NONE DIST(126, 0, 0) /* no match */
#define DIST_RARE 0               /* left to symbol() */

/* A canonical code: by length, the first number, left-justified, that no code
 * up to this length has, and where its symbols lie. */
struct code {
  uint32_t limit[LONGEST + 1];
  int32_t shift[LONGEST + 1];
  uint16_t symbols[288];
};

enum state { HEADER, SYMBOLS, DONE, FAILED };

struct lane {
  uint32_t lit[1 << LIT_BITS];
  uint32_t dist[2 << DIST_BITS]; /* the first says DIST_NONE, the upper half counts */
  const uint8_t *in, *in_end;
  uint8_t *out, *start, *out_end;
  uint64_t bits; /* those above count are what follows or 0 */
  uint32_t count;
  int last;
  enum state state;
  struct parus_stream *stream;
  struct code lit_code, dist_code;
};

struct parus_lanes {
  struct lane lane[LANES];
  uint32_t second[1 << LIT_BITS]; /* what lit adds for a symbol after a literal */
};

/* Begins a DEFLATE block; one that is stored is copied at once. */
enum state parus_header(struct parus_lanes *, struct lane *);

/* Decodes one symbol of any kind, with its match. */
enum state parus_symbol(struct lane *);

#endif
