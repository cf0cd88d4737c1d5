package zonal

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// store keeps polygons by place: in memory while they are few, else in one
// temporary file beside the output, which has no name while it is used and so
// is gone however the process ends.
type store struct {
	dir   string
	limit int64 // bytes held in memory
	held  int64
	n     int
	at    map[place]*bucket
	file  *os.File
	end   int64
}

// bucket is the polygons of one place in the order they came: first those in
// the file, then those in memory.
type bucket struct {
	at     place
	chunks []chunk
	pieces [][]byte
	size
}

type chunk struct {
	at     int64
	length int
	shapes int
}

func newStore(out string, limit int64) *store {
	return &store{dir: filepath.Dir(out), limit: limit, at: map[place]*bucket{}}
}

func (s *store) add(p piece) error {
	b := s.at[p.at]
	if b == nil {
		b = &bucket{at: p.at}
		s.at[p.at] = b
	}
	b.grow(p.size)
	s.n += p.shapes
	b.pieces = append(b.pieces, p.data)
	s.held += int64(cap(p.data))
	if s.held > s.limit {
		return s.spill()
	}
	return nil
}

// sorted are the buckets from tile to tile and north to south.
func (s *store) sorted() []*bucket {
	return slices.SortedFunc(maps.Values(s.at), func(a, b *bucket) int {
		return cmp.Or(cmp.Compare(a.at.tile, b.at.tile), cmp.Compare(a.at.row, b.at.row))
	})
}

// spill writes to the file what is held in memory.
func (s *store) spill() error {
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, ".tmp-*")
		if err != nil {
			return fmt.Errorf("make a temporary file for polygons: %w", err)
		}
		s.file = f
		if err := os.Remove(f.Name()); err != nil {
			return fmt.Errorf("temporary file for polygons: %w", err)
		}
	}
	for _, b := range s.sorted() {
		for _, data := range b.pieces {
			if _, err := s.file.WriteAt(data, s.end); err != nil {
				return fmt.Errorf("write polygons to a temporary file in %s: %w (free some disk, or raise --memory)", s.dir, err)
			}
			b.chunks = append(b.chunks, chunk{at: s.end, length: len(data)})
			s.end += int64(len(data))
		}
		b.pieces = nil
	}
	s.held = 0
	return nil
}

func (s *store) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// strip is what is observed at once: neighbouring places of one tile, or a part
// of one place where that is too much.
type strip struct {
	tile    string
	buckets []*bucket
	from, n int  // shapes of the first bucket to leave out, and how many to take in all
	last    bool // nothing comes after it from its buckets
	need    size
}

// strips divides the land into strips of at most budget bytes. Land that takes
// more than a comfortable strip is halved even where one would do: it costs a
// twentieth of the reading, once a row of blocks more, and the process stays
// small.
func (s *store) strips(budget int64) []strip {
	var all size
	for _, b := range s.at {
		all.grow(b.size)
	}
	budget = min(budget, max(comfortable, all.bytes()*11/20))
	var out []strip
	for _, b := range s.sorted() {
		if k := len(out) - 1; k >= 0 && out[k].tile == b.at.tile && out[k].last && out[k].from == 0 && out[k].need.bytes()+b.bytes() <= budget {
			out[k].buckets = append(out[k].buckets, b)
			out[k].n += b.shapes
			out[k].need.grow(b.size)
			continue
		}
		parts := int((b.bytes() + budget - 1) / budget)
		each := (b.shapes + parts - 1) / max(parts, 1)
		for from := 0; from < b.shapes; from += each {
			n := min(each, b.shapes-from)
			need := b.size
			if parts > 1 {
				need = b.size.share(n)
			}
			out = append(out, strip{tile: b.at.tile, buckets: []*bucket{b}, from: from, n: n, need: need, last: from+n == b.shapes})
		}
	}
	return out
}

// comfortable is the size of a strip that is not worth dividing.
const comfortable = 100_000_000

// load takes a strip's shapes out of the store. Places that are not needed any
// more are let go.
func (s *store) load(st strip) (*shapes, error) {
	out := newShapes(st.need)
	skip := st.from
	var buf []byte
	for _, b := range st.buckets {
		read := func(data []byte) error {
			want := st.n - len(out.list)
			if want <= 0 {
				return nil
			}
			n, err := out.take(data, skip, want)
			skip = max(skip-n, 0)
			return err
		}
		for _, c := range b.chunks {
			if cap(buf) < c.length {
				buf = make([]byte, c.length)
			}
			if _, err := s.file.ReadAt(buf[:c.length], c.at); err != nil {
				return nil, fmt.Errorf("read polygons from the temporary file: %w", err)
			}
			if err := read(buf[:c.length]); err != nil {
				return nil, err
			}
		}
		for i, data := range b.pieces {
			if err := read(data); err != nil {
				return nil, err
			}
			if st.last {
				s.held -= int64(cap(data))
				b.pieces[i] = nil
			}
		}
		if st.last {
			b.pieces = nil
		}
	}
	return out, nil
}
