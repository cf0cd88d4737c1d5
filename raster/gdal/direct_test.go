package gdal

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// kind is one way to keep pixels in a TIFF.
type kind struct {
	bits, bands   int
	width, height int
	options       []string // creation options of GDAL's GTiff driver
	sparse        bool     // the upper left part is never written
	nodata        uint16
}

// write makes a file of the kind through GDAL and returns its bands.
func (k kind) write(t testing.TB, path string, rng *rand.Rand) [][]uint16 {
	t.Helper()
	register()
	typ := godal.UInt16
	if k.bits == 8 {
		typ = godal.Byte
	}
	opts := k.options
	if k.sparse {
		opts = append(opts[:len(opts):len(opts)], "SPARSE_OK=TRUE")
	}
	ds, err := godal.Create(godal.GTiff, path, k.bands, typ, k.width, k.height, godal.CreationOption(opts...))
	if err != nil {
		t.Fatal(err)
	}
	sr, err := godal.NewSpatialRefFromEPSG(32650)
	if err != nil {
		t.Fatal(err)
	}
	defer sr.Close()
	if err := ds.SetSpatialRef(sr); err != nil {
		t.Fatal(err)
	}
	if err := ds.SetGeoTransform([6]float64{500000, 10, 0, 3500000, 0, -10}); err != nil {
		t.Fatal(err)
	}
	if err := ds.SetNoData(float64(k.nodata)); err != nil {
		t.Fatal(err)
	}
	x0, y0 := 0, 0
	if k.sparse {
		x0, y0 = rng.IntN(k.width), rng.IntN(k.height)
	}
	var out [][]uint16
	for b := range k.bands {
		v := make([]uint16, k.width*k.height)
		for i := range v {
			v[i] = k.nodata
		}
		w, h := k.width-x0, k.height-y0
		part := make([]uint16, w*h)
		smooth := rng.IntN(2) == 0 // differences that pack well, or noise over the whole range
		for i := range part {
			x := uint16(rng.Uint32())
			if smooth {
				x = uint16(1000*b+i%w*3+i/w) + x%16
			}
			if k.bits == 8 {
				x &= 255
			}
			part[i] = x
			v[(y0+i/w)*k.width+x0+i%w] = x
		}
		if err := ds.Bands()[b].Write(x0, y0, part, w, h); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := ds.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// randomKind also says whether the file must be read directly.
func randomKind(rng *rand.Rand) (kind, bool) {
	k := kind{bits: 8 << rng.IntN(2), bands: 1, width: 1 + rng.IntN(300), height: 1 + rng.IntN(300)}
	direct := true
	if rng.IntN(2) == 0 {
		k.options = append(k.options, "TILED=YES", fmt.Sprintf("BLOCKXSIZE=%d", 16*(1+rng.IntN(8))), fmt.Sprintf("BLOCKYSIZE=%d", 16*(1+rng.IntN(8))))
	} else {
		k.options = append(k.options, fmt.Sprintf("BLOCKYSIZE=%d", 1+rng.IntN(60)))
	}
	switch rng.IntN(6) {
	case 0: // stored as they are
		// GDAL cuts a lone uncompressed strip into smaller ones when it opens it.
		direct = false
	case 1:
		k.options = append(k.options, "COMPRESS=LZW", "PREDICTOR=2")
		direct = false
	case 2:
		k.options = append(k.options, "COMPRESS=DEFLATE")
	default:
		k.options = append(k.options, "COMPRESS=DEFLATE", "PREDICTOR=2")
	}
	if rng.IntN(3) == 0 {
		k.options = append(k.options, "ENDIANNESS=BIG")
	}
	if rng.IntN(3) == 0 {
		k.options = append(k.options, "BIGTIFF=YES")
	}
	if rng.IntN(3) == 0 {
		k.bands = 2 + rng.IntN(2)
		if rng.IntN(2) == 0 {
			k.options = append(k.options, "INTERLEAVE=BAND")
		} else {
			direct = false
		}
	}
	k.sparse = rng.IntN(3) == 0
	if rng.IntN(2) == 0 {
		k.nodata = uint16(1 + rng.IntN(200))
	}
	return k, direct
}

func randomWindow(rng *rand.Rand, width, height, bw, bh int) raster.Window {
	w := raster.Window{Col: rng.IntN(width), Row: rng.IntN(height)}
	if rng.IntN(2) == 0 { // whole blocks
		w.Col, w.Row = w.Col/bw*bw, w.Row/bh*bh
		w.Width, w.Height = min(bw*(1+rng.IntN(2)), width-w.Col), min(bh*(1+rng.IntN(2)), height-w.Row)
		return w
	}
	w.Width, w.Height = 1+rng.IntN(width-w.Col), 1+rng.IntN(height-w.Row)
	return w
}

// Files of every kind, made by GDAL from random pixels, give these pixels
// through the direct way and through GDAL, on random windows.
func TestDirectEqualsGDAL(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	direct := 0
	for seed := range uint64(250) {
		rng := rand.New(rand.NewPCG(seed, 1))
		k, must := randomKind(rng)
		path := filepath.Join(dir, "a.tif") // the same name: a changed file is opened anew
		want := k.write(t, path, rng)
		one, two, three := Open(Options{}), Open(Options{ThroughGDAL: true}), Open(Options{Cache: NewCache(100 << 10)})
		if _, err := one.Describe(ctx, raster.Asset{Href: path}); err != nil {
			t.Fatal(err)
		}
		if is := one.open[path].direct != nil; must && !is {
			t.Fatalf("seed %d: %+v is not read directly", seed, k)
		} else if is {
			direct++
		}
		bw, bh, err := one.Blocks(ctx, raster.Asset{Href: path})
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			w := randomWindow(rng, k.width, k.height, bw, bh)
			b := rng.IntN(k.bands)
			for _, r := range []*Reader{one, two, three} {
				got := make([]uint16, w.Width*w.Height)
				if err := r.Read(ctx, raster.Asset{Href: path, Layer: b + 1}, w, got); err != nil {
					t.Fatalf("seed %d: %+v: %v", seed, k, err)
				}
				for i, x := range got {
					if y := want[b][(w.Row+i/w.Width)*k.width+w.Col+i%w.Width]; x != y {
						t.Fatalf("seed %d: %+v: through GDAL %v, window %+v, pixel %d: %d, want %d", seed, k, r == two, w, i, x, y)
					}
				}
			}
		}
		one.Close()
		two.Close()
		three.Close()
	}
	if direct < 120 {
		t.Errorf("only %d files were read directly", direct)
	}
}

// A file replaced under the same name, or rewritten in place, is read anew.
func TestChangedFile(t *testing.T) {
	g, v := sampleGrid(300)
	path := filepath.Join(t.TempDir(), "B04.tif")
	r := Open(Options{})
	defer r.Close()
	w := raster.Window{Width: 300, Height: 300}
	dst := make([]uint16, len(v))
	for round := range 3 {
		for i := range v {
			v[i] += uint16(round) * 7
		}
		file := path
		if round == 1 {
			file += ".new"
		}
		if err := WriteCOG(file, g, v, COGOptions{BlockSize: 128}); err != nil {
			t.Fatal(err)
		}
		if round == 1 {
			if err := os.Rename(file, path); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Read(context.Background(), raster.Asset{Href: path}, w, dst); err != nil {
			t.Fatal(err)
		}
		for i := range v {
			if dst[i] != v[i] {
				t.Fatalf("round %d, pixel %d: %d, want %d", round, i, dst[i], v[i])
			}
		}
	}
}

// tileTable is where the offsets and sizes of the tiles stand in a small
// little-endian TIFF, found by hand from the TIFF 6.0 layout.
func tileTable(t testing.TB, b []byte) (offsets, sizes int) {
	t.Helper()
	ifd := int(binary.LittleEndian.Uint32(b[4:]))
	for e := ifd + 2; e < ifd+2+12*int(binary.LittleEndian.Uint16(b[ifd:])); e += 12 {
		switch binary.LittleEndian.Uint16(b[e:]) {
		case 324:
			offsets = int(binary.LittleEndian.Uint32(b[e+8:]))
		case 325:
			sizes = int(binary.LittleEndian.Uint32(b[e+8:]))
			if binary.LittleEndian.Uint16(b[e+2:]) != 4 {
				t.Fatal("the sizes are no LONGs")
			}
		}
	}
	return offsets, sizes
}

// A block that is broken is an error that names the file, the block and the
// window; the other blocks still read.
func TestCorruptBlock(t *testing.T) {
	g, v := sampleGrid(600)
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.tif")
	if err := WriteCOG(whole, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	offsets, sizes := tileTable(t, good)
	const tile = 4 // the middle one of 3 × 3
	at := int(binary.LittleEndian.Uint32(good[offsets+4*tile:]))
	n := int(binary.LittleEndian.Uint32(good[sizes+4*tile:]))
	put := func(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	for name, spoil := range map[string]func(b []byte){
		"a byte turned":         func(b []byte) { b[at+n/2] ^= 0x10 },
		"the checksum turned":   func(b []byte) { b[at+n-1] ^= 1 },
		"zeros":                 func(b []byte) { clear(b[at : at+n]) },
		"beyond the end":        func(b []byte) { put(b, offsets+4*tile, uint32(len(b)-10)) },
		"longer than the file":  func(b []byte) { put(b, sizes+4*tile, 1<<31) },
		"one byte short":        func(b []byte) { put(b, sizes+4*tile, uint32(n-1)) },
		"another place's bytes": func(b []byte) { put(b, offsets+4*tile, uint32(at+1)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := append([]byte(nil), good...)
			spoil(b)
			path := filepath.Join(t.TempDir(), "B04.tif")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			r := Open(Options{})
			defer r.Close()
			for _, w := range []raster.Window{{Col: 256, Row: 256, Width: 256, Height: 256}, {Col: 200, Row: 200, Width: 100, Height: 100}} {
				err := r.Read(context.Background(), raster.Asset{Href: path, Grid: g}, w, make([]uint16, w.Width*w.Height))
				if err == nil {
					t.Fatal("no error")
				}
				for _, part := range []string{path, "block 1 of row 1", fmt.Sprintf("columns %d–%d", w.Col, w.Col+w.Width-1)} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("%q does not say %q", err, part)
					}
				}
			}
			w := raster.Window{Col: 512, Row: 512, Width: 88, Height: 88}
			dst := make([]uint16, 88*88)
			if err := r.Read(context.Background(), raster.Asset{Href: path, Grid: g}, w, dst); err != nil || dst[89] != v[513*600+513] {
				t.Errorf("a whole block: %v", err)
			}
		})
	}
}
