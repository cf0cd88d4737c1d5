package table_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/parus-lending/parus/data/table"
)

// written are Parquet files of the same 300 rows, in every encoding and
// compression that the library writes.
func written(t testing.TB) map[string][]byte {
	type row struct {
		A int64    `parquet:"a"`
		B *float64 `parquet:"b,optional"`
		C string   `parquet:"c,dict"`
		D string   `parquet:"d,delta"`
		E int32    `parquet:"e,delta"`
		F bool     `parquet:"f"`
		G *string  `parquet:"g,optional,dict"`
		H float32  `parquet:"h,split"`
		I [4]byte  `parquet:"i"`
		J *string  `parquet:"j,optional,plain"`
	}
	var rows []row
	for i := range 300 {
		r := row{A: int64(i) << 33, C: fmt.Sprint("c", i%7), D: fmt.Sprint("d", i), E: int32(i * i), F: i%3 == 0, H: float32(i) / 4, I: [4]byte{'i', byte('0' + i%10), 'j', 'k'}}
		if i%5 != 0 {
			v, g := float64(i)/8, fmt.Sprint("g", i%3)
			r.B, r.G = &v, &g
		}
		rows = append(rows, r)
	}
	out := map[string][]byte{}
	for name, codec := range map[string]parquet.WriterOption{"plain": parquet.Compression(&parquet.Uncompressed), "snappy": parquet.Compression(&parquet.Snappy),
		"gzip": parquet.Compression(&parquet.Gzip), "zstd": parquet.Compression(&parquet.Zstd), "lz4": parquet.Compression(&parquet.Lz4Raw), "brotli": parquet.Compression(&parquet.Brotli)} {
		for version := 1; version <= 2; version++ {
			var buf bytes.Buffer
			w := parquet.NewGenericWriter[row](&buf, codec, parquet.DataPageVersion(version))
			if _, err := w.Write(rows); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprint(name, " v", version)] = buf.Bytes()
		}
	}
	return out
}

// count reads to the end and gives how many rows and filled cells there were.
func count(b []byte) (rows, filled int, err error) {
	r, err := table.NewReader("t", bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	for rows < 100000 {
		row, err := r.Read()
		if err == io.EOF {
			return rows, filled, nil
		}
		if err != nil {
			return rows, filled, err
		}
		rows++
		for _, c := range row.Cells {
			if c.Kind != table.Empty {
				filled++
			}
		}
	}
	return rows, filled, nil
}

// What is sound is read, whatever its encoding: 300 rows of ten columns, two of
// them empty on every fifth row, one throughout.
func TestSoundFilesPass(t *testing.T) {
	for name, b := range written(t) {
		if rows, filled, err := count(b); err != nil || rows != 300 || filled != 300*7+240*2 {
			t.Errorf("%s: %d rows, %d cells, %v", name, rows, filled, err)
		}
	}
}

// Five spoilt bytes, in most places a number near 2³⁰ or 2³¹, never make the reader take memory that the file gives no reason
// for, and never panics; most are an error that names the file.
func TestSpoiltBytesCostNoMemory(t *testing.T) {
	const bound = 96 << 20 // bytes for a file of about 10 kB
	files := written(t)
	for _, name := range []string{"plain v1", "plain v2", "snappy v1", "zstd v2"} {
		whole := files[name]
		for at := 4; at < len(whole); at += 5 {
			for _, spoilt := range []string{"\xfe\xff\xff\xff\x07", "\xff\xff\xff\xff\x0f"} {
				b := bytes.Clone(whole)
				copy(b[at:], spoilt)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, _, err := count(b)
				runtime.ReadMemStats(&after)
				if took := after.TotalAlloc - before.TotalAlloc; took > bound {
					t.Fatalf("%s: byte %d set to %q took %d MB (%v)", name, at, spoilt, took>>20, err)
				}
				if err != nil && !strings.HasPrefix(err.Error(), "read table t") {
					t.Fatalf("%s: byte %d set to %q: %v", name, at, spoilt, err)
				}
			}
		}
	}
}

func TestSpoiltFootersAreNamed(t *testing.T) {
	whole := written(t)["plain v2"]
	long := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(long[len(long)-8:], 1<<31)
	// A footer of one field: number 2 (schema), a list (9) of 2^28 structs (12).
	list := append([]byte("PAR1"), 0x29, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00)
	list = append(binary.LittleEndian.AppendUint32(list, 8), "PAR1"...)
	deep := append([]byte("PAR1"), bytes.Repeat([]byte{0x1c}, 1000)...)
	deep = append(binary.LittleEndian.AppendUint32(deep, 1000), "PAR1"...)
	for says, b := range map[string][]byte{"longer than the file": long, "footer is not whole": list, "not end with PAR1": whole[:len(whole)/2], "only 6 bytes": []byte("PAR1ab")} {
		if _, _, err := count(b); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; wanted %q", err, says)
		}
	}
	if _, _, err := count(deep); err == nil || !strings.Contains(err.Error(), "footer is not whole") {
		t.Errorf("structs in structs: %v", err)
	}
}
