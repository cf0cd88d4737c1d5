package gdal

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"testing"
)

// deflated packs b with Go's own encoder, which shares nothing with either
// decoder.
func deflated(t testing.TB, b []byte, level int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// kindsOfBytes are things to pack: noise, levels with noise, runs, short
// repeats and long ones.
func kindsOfBytes(rng *rand.Rand, n int) [][]byte {
	noise, levels, runs, short, long := make([]byte, n), make([]byte, n), make([]byte, n), make([]byte, n), make([]byte, n)
	for i := range n {
		noise[i] = byte(rng.Uint32())
		levels[i] = byte(128 + rng.IntN(40)*(i&1) - rng.IntN(9))
		runs[i] = byte(i / 700)
		short[i] = byte(i % 3 * 17)
		if long[i] = byte(rng.Uint32()); i >= 999 {
			long[i] = long[i-999]
		}
	}
	return [][]byte{noise, levels, runs, short, long}
}

// What goes in comes out, whatever lies beside it; room to spare does not
// matter, too little is left to libdeflate, as are broken streams.
func TestUnpack(t *testing.T) {
	var u unpacker
	defer u.close()
	rng := rand.New(rand.NewPCG(7, 1))
	var all []packed
	var want [][]byte
	for _, n := range []int{1, 2, 17, 300, 5000, 200_000} {
		for _, level := range []int{zlib.HuffmanOnly, zlib.NoCompression, zlib.BestSpeed, zlib.BestCompression} {
			for _, b := range kindsOfBytes(rng, n) {
				all = append(all, packed{in: deflated(t, b, level), out: make([]byte, n+rng.IntN(2)*rng.IntN(50))})
				want = append(want, b)
			}
		}
	}
	u.unpack(all)
	if u.none {
		t.Skip("the decoder is not for this processor")
	}
	left := 0
	for i, p := range all {
		if p.n < 0 {
			left++
		} else if !bytes.Equal(p.out[:p.n], want[i]) {
			t.Errorf("stream %d (%d bytes) came out otherwise", i, len(want[i]))
		}
	}
	if left > len(all)/3 { // those with one distance or none have codes with gaps
		t.Errorf("%d of %d streams were left", left, len(all))
	}

	b := kindsOfBytes(rng, 5000)[1]
	good := deflated(t, b, 6)
	wrongSum := bytes.Clone(good)
	wrongSum[len(good)-1] ^= 1
	wrongHead := bytes.Clone(good)
	wrongHead[1] ^= 1
	bad := []packed{
		{in: good, out: make([]byte, 4999)}, {in: good[:len(good)-1], out: make([]byte, 5000)}, {in: good[:len(good)/2], out: make([]byte, 5000)},
		{in: wrongSum, out: make([]byte, 5000)}, {in: wrongHead, out: make([]byte, 5000)}, {}, {in: good}, {in: good, out: make([]byte, 5000)},
	}
	u.unpack(bad)
	for i, p := range bad[:len(bad)-1] {
		if p.n >= 0 {
			t.Errorf("broken stream %d gave %d bytes", i, p.n)
		}
	}
	if last := bad[len(bad)-1]; last.n != 5000 || !bytes.Equal(last.out, b) {
		t.Errorf("the good stream beside broken ones gave %d bytes", last.n)
	}
}

// raw is what Go's decoder finds in a zlib stream, its checksum unseen.
func raw(in []byte, most int) []byte {
	b, _ := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(in[2:len(in)-4])), int64(most)))
	return b
}

// FuzzUnpack: where a stream is done, libdeflate says it is good and gives the
// same bytes; a stream beside it is not disturbed.
func FuzzUnpack(f *testing.F) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, n := range []int{1, 40, 3000} {
		for _, level := range []int{0, 1, 9} {
			for _, b := range kindsOfBytes(rng, n) {
				f.Add(deflated(f, b, level), uint16(n), uint16(n/2), byte(0))
				f.Add(deflated(f, b, level), uint16(n+9), uint16(n/3), byte(4))
			}
		}
	}
	beside := kindsOfBytes(rng, 4000)[1]
	other := deflated(f, beside, 6)
	var u unpacker
	var z inflater
	f.Fuzz(func(t *testing.T, in []byte, room, at uint16, flip byte) {
		in = bytes.Clone(in)
		if len(in) > 0 {
			in[int(at)%len(in)] ^= flip
		}
		want := make([]byte, room)
		n, err := z.inflate(want, in)
		if err != nil && len(in) > 6 && room > 0 {
			// Perhaps only the checksum is wrong: most changes get no further.
			binary.BigEndian.PutUint32(in[len(in)-4:], adler32.Checksum(raw(in, int(room))))
			n, err = z.inflate(want, in)
		}
		all := []packed{{in: in, out: make([]byte, room)}, {in: other, out: make([]byte, len(beside))}, {in: in, out: make([]byte, room)}}
		u.unpack(all)
		if u.none {
			t.Skip("the decoder is not for this processor")
		}
		for _, i := range []int{0, 2} {
			if p := all[i]; p.n >= 0 && (err != nil || p.n != n || !bytes.Equal(p.out[:n], want[:n])) {
				t.Fatalf("%d bytes, libdeflate gives %d (%v)", p.n, n, err)
			}
		}
		if p := all[1]; p.n != len(beside) || !bytes.Equal(p.out, beside) {
			t.Fatalf("the stream beside it gave %d bytes", p.n)
		}
	})
}
