package feeds

import "hash/maphash"

// hashes is a set of texts kept as 64-bit hashes, each with a number where one
// was put that is not 0: a million texts take 16 MB, with numbers 24 MB, where a
// map of strings takes hundreds. Two texts that differ
// have one hash once in 10¹³ pairs of files of a million rows.
type hashes struct {
	keys []uint64
	vals []uint32
	n    int
}

var hashSeed = maphash.MakeSeed()

func hashOf(text string) uint64 { return max(1, maphash.String(hashSeed, text)) }

// place is where the hash stands or would stand.
func (t *hashes) place(h uint64) int {
	i := int(h) & (len(t.keys) - 1)
	for t.keys[i] != 0 && t.keys[i] != h {
		i = (i + 1) & (len(t.keys) - 1)
	}
	return i
}

func (t *hashes) get(text string) (uint32, bool) {
	if t.n == 0 {
		return 0, false
	}
	i := t.place(hashOf(text))
	if t.vals == nil {
		return 0, t.keys[i] != 0
	}
	return t.vals[i], t.keys[i] != 0
}

func (t *hashes) has(text string) bool {
	_, ok := t.get(text)
	return ok
}

// put sets the text's number.
func (t *hashes) put(text string, v uint32) {
	if 4*(t.n+1) > 3*len(t.keys) {
		t.grow()
	}
	h := hashOf(text)
	i := t.place(h)
	if t.keys[i] == 0 {
		t.keys[i] = h
		t.n++
	}
	if v != 0 && t.vals == nil {
		t.vals = make([]uint32, len(t.keys))
	}
	if t.vals != nil {
		t.vals[i] = v
	}
}

func (t *hashes) add(text string) { t.put(text, 0) }

func (t *hashes) grow() {
	old := *t
	n := max(64, 2*len(old.keys))
	t.keys = make([]uint64, n)
	if old.vals != nil {
		t.vals = make([]uint32, n)
	}
	for i, h := range old.keys {
		if h != 0 {
			j := t.place(h)
			if t.keys[j] = h; t.vals != nil {
				t.vals[j] = old.vals[i]
			}
		}
	}
}
