package gdal

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// BytesRead of blocks that GDAL reads is their packed size, taken here from the
// file's own table.
func TestBytesThroughGDAL(t *testing.T) {
	path := filepath.Join(t.TempDir(), "B04.tif")
	k := kind{bits: 16, bands: 1, width: 600, height: 600, options: []string{"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=LZW"}}
	v := k.write(t, path, rand.New(rand.NewPCG(7, 7)))[0]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, sizes := tileTable(t, b)
	size := func(tile int) int64 { return int64(binary.LittleEndian.Uint32(b[sizes+4*tile:])) }
	r := Open(Options{})
	defer r.Close()
	w := raster.Window{Col: 250, Row: 300, Width: 10, Height: 20} // tiles 3 and 4 of 3 × 3
	dst := make([]uint16, 200)
	if err := r.Read(context.Background(), raster.Asset{Href: path}, w, dst); err != nil {
		t.Fatal(err)
	}
	if r.open[path].direct != nil {
		t.Fatal("LZW is read directly")
	}
	mustEqual(t, raster.Grid{Width: 600, Height: 600}, v, w, dst)
	header := r.BytesRead() - size(3) - size(4) // what was read of it before it was left to GDAL
	if header < 8 || header > 1000 {
		t.Errorf("%d bytes read, the two tiles have %d and %d", r.BytesRead(), size(3), size(4))
	}
	before := r.BytesRead()
	if err := r.ReadFloat(context.Background(), raster.Asset{Href: path}, raster.Window{Col: 599, Row: 599, Width: 1, Height: 1}, make([]float32, 1)); err != nil {
		t.Fatal(err)
	}
	if n := r.BytesRead() - before; n != size(8) {
		t.Errorf("%d bytes for the last tile, it has %d", n, size(8))
	}
}
