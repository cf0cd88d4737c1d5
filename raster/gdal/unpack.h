#ifndef PARUS_UNPACK_H
#define PARUS_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* One zlib stream to unpack into out, which has exactly room bytes. */
struct parus_stream {
  const uint8_t *in;
  size_t size;
  uint8_t *out;
  size_t room;
  size_t n; /* bytes that came out, where done */
  int done; /* 0: nothing is said about the stream, and out holds anything */
};

struct parus_lanes; /* working memory, for one thread at a time */

/* NULL where there is no memory or the processor is another than the loop is
 * written for. */
struct parus_lanes *parus_lanes_new(void);
void parus_lanes_free(struct parus_lanes *);

/* Unpacks streams, two at a time in one loop. What is unusual, such as a code
 * with gaps, is not done, and nothing that is broken is: another decoder then
 * says what it is. A stream that is done has the right checksum. */
void parus_unpack(struct parus_lanes *, struct parus_stream *, size_t count);

#endif
