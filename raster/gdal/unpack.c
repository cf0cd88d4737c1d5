#include "unpack.h"

#include <libdeflate.h>
#include <stdlib.h>

#ifdef __x86_64__

#include "lane.h"

#include <immintrin.h>
#include <string.h>

/* The blocks of imagery are literals and short matches in an order nobody can
 * foretell, so that a decoder that branches on them waits most of its time for
 * a wrong guess. Here a step does the same for literals and matches, and two
 * streams take turns, so that the one computes while the other waits for
 * memory. What is rare (long codes, long matches, ends) is left to
 * symbols.c. */

enum {
  COPIED = 16,          /* bytes a step copies for a match */
  STEP_OUT = 2 + COPIED, /* bytes a step may write */
  STEP_IN = 8,          /* bytes a step may read */
};

#define unlikely(x) __builtin_expect(!!(x), 0)

static inline uint64_t load64(const uint8_t *p) {
  uint64_t v;
  memcpy(&v, p, 8);
  return v;
}

static inline void copy16(uint8_t *to, const uint8_t *from) {
  uint8_t v[COPIED];
  memcpy(v, from, COPIED);
  memcpy(to, v, COPIED);
}

/* Steps that surely stay inside input and output. */
static inline size_t steps(const struct lane *l) {
  size_t in = (size_t)(l->in_end - l->in) / STEP_IN, out = (size_t)(l->out_end - l->out) / STEP_OUT;
  return in < out ? in : out;
}

#define OPEN(i)                                                         \
  struct lane *const l##i = &w->lane[i];                                \
  const uint8_t *in##i = l##i->in;                                      \
  uint8_t *out##i = l##i->out;                                          \
  uint64_t bits##i = l##i->bits, count##i = l##i->count;

#define CLOSE(i)                    \
  l##i->in = in##i;                 \
  l##i->out = out##i;               \
  l##i->bits = bits##i;             \
  l##i->count = (uint32_t)count##i & 63;

/* One entry of lit: its literals, then its match, of no bytes where there is
 * none. Only the low 6 bits of count mean something. */
#define STEP(i) \
  { \
    bits##i |= load64(in##i) << (count##i & 63); \
    in##i += 7 - (count##i >> 3 & 7); \
    count##i |= 56; \
    uint32_t e = l##i->lit[bits##i & ((1u << LIT_BITS) - 1)]; \
    uint64_t after = bits##i >> (e & 63); \
    uint32_t d = l##i->dist[(((uint32_t)after & ((1u << DIST_BITS) - 1)) | (1u << DIST_BITS)) & (uint32_t)((int32_t)e >> 31)]; \
    size_t dist = (d >> 16) + (_bzhi_u64(after, d) >> (d >> 8 & 63)); \
    uint16_t lits = (uint16_t)(e >> 8); \
    size_t len = e >> 24 & 127; \
    memcpy(out##i, &lits, 2); \
    uint8_t *to = out##i + (e >> 6 & 3); \
    uintptr_t from = (uintptr_t)to - dist; \
    if (unlikely(from < (uintptr_t)l##i->start)) { \
      rare = i; \
      break; \
    } \
    if (unlikely(dist < len)) { \
      if (dist == 0 || (int32_t)e >= 0) { \
        rare = i; \
        break; \
      } \
      for (size_t k = 0; k < len; k++) to[k] = to[k - dist]; \
    } else { \
      copy16(to, (const uint8_t *)from); \
    } \
    out##i = to + len; \
    bits##i = after >> (d & 63); \
    count##i -= e; \
    count##i -= d; \
  }


/* Decodes in both lanes for n steps, or until one, which is returned, is at
 * something rare. */
__attribute__((target("bmi2"))) static int run_both(struct parus_lanes *w, size_t n) {
  int rare = -1;
  OPEN(0)
  OPEN(1)
  for (; n > 0; n--) {
    STEP(0)
    STEP(1)
  }
  CLOSE(0)
  CLOSE(1)
  return rare;
}

/* The same for lane 0 alone. */
__attribute__((target("bmi2"))) static int run_one(struct parus_lanes *w, size_t n) {
  int rare = -1;
  OPEN(0)
  for (; n > 0; n--) STEP(0)
  CLOSE(0)
  return rare;
}

/* Takes a lane up to where the loop can go on: in a block, far from the ends. */
static void settle(struct parus_lanes *w, struct lane *l) {
  for (;;) {
    if (l->state == HEADER)
      l->state = parus_header(w, l);
    else if (l->state == SYMBOLS && steps(l) == 0)
      l->state = parus_symbol(l);
    else
      return;
  }
}

static void begin(struct lane *l, struct parus_stream *s) {
  s->done = 0;
  l->stream = s;
  l->in = s->in;
  l->in_end = s->in + s->size;
  l->out = l->start = s->out;
  l->out_end = s->out + s->room;
  l->bits = l->count = 0;
  l->last = 0;
  l->state = FAILED;
  if (s->size < 6) return;
  unsigned h = (unsigned)s->in[0] << 8 | s->in[1];
  if ((h >> 8 & 15) != 8 || h >> 12 > 7 || h & 32 || h % 31 != 0) return;
  l->in += 2;
  l->in_end -= 4;
  l->state = HEADER;
}

static void finish(struct lane *l) {
  if (l->state != DONE) return;
  const uint8_t *p = l->in - l->count / 8;
  uint32_t want = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  l->stream->n = (size_t)(l->out - l->start);
  l->stream->done = libdeflate_adler32(1, l->start, l->stream->n) == want;
}

struct parus_lanes *parus_lanes_new(void) { return __builtin_cpu_supports("bmi2") ? calloc(1, sizeof(struct parus_lanes)) : NULL; }

void parus_unpack(struct parus_lanes *w, struct parus_stream *streams, size_t count) {
  size_t busy = 0, next = 0;
  for (;;) {
    /* Every lane gets to where the loop can go on, or the next stream. */
    for (size_t i = 0; i < busy || (i < LANES && next < count);) {
      struct lane *l = &w->lane[i];
      if (i == busy) {
        busy++;
        begin(l, &streams[next++]);
      }
      settle(w, l);
      if (l->state == SYMBOLS) {
        i++;
        continue;
      }
      finish(l);
      if (--busy > i) *l = w->lane[busy];
    }
    if (busy == 0) return;
    size_t n = steps(&w->lane[0]);
    int rare;
    if (busy == LANES) {
      size_t m = steps(&w->lane[1]);
      rare = run_both(w, n < m ? n : m);
    } else {
      rare = run_one(w, n);
    }
    if (rare >= 0) w->lane[rare].state = parus_symbol(&w->lane[rare]);
  }
}

#else /* not tried elsewhere */

struct parus_lanes *parus_lanes_new(void) { return NULL; }

void parus_unpack(struct parus_lanes *w, struct parus_stream *streams, size_t count) {
  (void)w;
  for (size_t i = 0; i < count; i++) streams[i].done = 0;
}

#endif

void parus_lanes_free(struct parus_lanes *w) { free(w); }
