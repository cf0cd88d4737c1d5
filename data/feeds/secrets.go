package feeds

import (
	"bufio"
	"encoding/binary"
	"os"
	"slices"
)

// secrets is the set of personal texts of a file, asked for while rows are judged.
// With a place aside it holds no more in memory than may be held there, and for
// each 512 texts beyond it one hash.
type secrets struct {
	tally
	maybe  []uint64 // a bit for each of three places of a hash: where one is not set, the text is not in the set
	file   *os.File // hashes in order
	fences []uint64 // the first of each block of the file
	block  []byte
}

const (
	secretBlock = 4096
	secretBits  = 25 // 2²⁵ bits, 4 MiB
)

func secretBitsOf(h uint64) [3]uint64 {
	const most = 1<<secretBits - 1
	return [3]uint64{h & most, h >> secretBits & most, h * 0x9e3779b97f4a7c15 >> (64 - secretBits)}
}

// settle makes what was moved out ready to be asked for; no text is added after.
func (t *secrets) settle() error {
	if t.rest == nil || t.err != nil {
		return t.err
	}
	if t.file, t.err = t.in.file(); t.err != nil {
		return t.err
	}
	t.maybe, t.block = make([]uint64, 1<<(secretBits-6)), make([]byte, secretBlock)
	to := bufio.NewWriterSize(t.file, runSize)
	n := 0
	err := t.each(func(h uint64) error {
		if n%(secretBlock/8) == 0 {
			t.fences = append(t.fences, h)
		}
		n++
		for _, b := range secretBitsOf(h) {
			t.maybe[b>>6] |= 1 << (b & 63)
		}
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], h)
		_, err := to.Write(b[:])
		return err
	})
	if err == nil {
		err = to.Flush()
	}
	t.err = err
	for _, f := range t.rest.runs {
		t.in.drop(f)
	}
	t.rest = nil
	return t.err
}

// has reports whether the text is in the set. Where the file cannot be read it says
// so, which hides the text, and err is kept.
func (t *secrets) has(text string) bool {
	if t.file == nil {
		return t.now.has(text)
	}
	h := hashOf(text)
	for _, b := range secretBitsOf(h) {
		if t.maybe[b>>6]&(1<<(b&63)) == 0 {
			return false
		}
	}
	i, ok := slices.BinarySearch(t.fences, h)
	if ok || i == 0 {
		return ok
	}
	n, err := t.file.ReadAt(t.block, int64(i-1)*secretBlock)
	if n == 0 {
		t.err = err
		return true
	}
	for k := 0; k+8 <= n; k += 8 {
		if binary.LittleEndian.Uint64(t.block[k:]) == h {
			return true
		}
	}
	return false
}
