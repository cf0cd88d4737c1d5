package gdal

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// sameAsSingle reads the window of all assets together and one by one and
// holds that pixels, errors and counted bytes are the same.
func sameAsSingle(t *testing.T, together, single *Reader, assets []raster.Asset, w raster.Window) {
	t.Helper()
	ctx := context.Background()
	dst := make([][]uint16, len(assets))
	for i := range dst {
		dst[i] = make([]uint16, w.Width*w.Height)
	}
	before, beforeSingle := together.BytesRead(), single.BytesRead()
	errs := together.ReadMany(ctx, assets, w, dst)
	want := make([]uint16, w.Width*w.Height)
	for i, a := range assets {
		err := single.Read(ctx, a, w, want)
		if (err == nil) != (errs[i] == nil) || err != nil && err.Error() != errs[i].Error() {
			t.Fatalf("asset %d, window %+v: %v together, %v alone", i, w, errs[i], err)
		}
		if err == nil && !slices.Equal(dst[i], want) {
			t.Fatalf("asset %d, window %+v: other pixels together than alone", i, w)
		}
	}
	if n, m := together.BytesRead()-before, single.BytesRead()-beforeSingle; n != m {
		t.Fatalf("window %+v: %d bytes counted together, %d alone", w, n, m)
	}
}

// Files of every kind, whole blocks and windows anywhere, with a cache and
// without, sound and with a broken byte.
func TestReadManyIsRead(t *testing.T) {
	unpacked := 0
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 5))
		k, _ := randomKind(rng)
		var assets []raster.Asset
		for i := range 1 + rng.IntN(4) {
			path := filepath.Join(t.TempDir(), "a.tif")
			k.write(t, path, rng)
			if i == 1 && seed%2 == 0 {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				b[len(b)-1-rng.IntN(len(b)/3)] ^= 1 << rng.IntN(8)
				if err := os.WriteFile(path, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			assets = append(assets, raster.Asset{Href: path, Layer: 1 + rng.IntN(k.bands)}, raster.Asset{Href: path, Layer: k.bands})
		}
		var c, d *Cache
		if seed%3 == 0 {
			c, d = NewCache(1<<20), NewCache(1<<20)
		}
		together, single := Open(Options{Cache: c}), Open(Options{Cache: d})
		for _, a := range assets { // both know the files, or fail to
			_, _ = together.Describe(context.Background(), a)
			_, _ = single.Describe(context.Background(), a)
		}
		bw, bh, err := single.Blocks(context.Background(), assets[0])
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			w := raster.Window{Col: rng.IntN(k.width), Row: rng.IntN(k.height)}
			if rng.IntN(3) > 0 {
				w.Col, w.Row = w.Col/bw*bw, w.Row/bh*bh
				w.Width, w.Height = min(bw, k.width-w.Col), min(bh, k.height-w.Row)
			} else {
				w.Width, w.Height = 1+rng.IntN(k.width-w.Col), 1+rng.IntN(k.height-w.Row)
			}
			sameAsSingle(t, together, single, assets, w)
		}
		unpacked += len(together.blocks.inputs)
		together.Close()
		single.Close()
	}
	if unpacked == 0 {
		t.Error("no block was unpacked ahead")
	}
}
