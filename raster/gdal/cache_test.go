package gdal

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
	"golang.org/x/sync/errgroup"
)

// What one reader unpacked another takes from the cache, for both widths of
// pixels; a file that changed is read anew.
func TestCacheIsShared(t *testing.T) {
	g, v := sampleGrid(600)
	ctx := context.Background()
	for _, narrow := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "B04.tif")
		if narrow {
			for i := range v {
				v[i] &= 255
			}
		}
		a := raster.Asset{Href: path, Grid: g}
		c := NewCache(1 << 30)
		full := raster.Window{Width: 600, Height: 600}
		dst := make([]uint16, len(v))
		for round := range 2 {
			for i := range v {
				v[i] ^= uint16(round)
			}
			time.Sleep(20 * time.Millisecond) // the clock of the file system is coarse
			if err := WriteCOG(path, g, v, COGOptions{BlockSize: 256, Byte: narrow}); err != nil {
				t.Fatal(err)
			}
			one, two := Open(Options{Cache: c}), Open(Options{Cache: c})
			for _, r := range []*Reader{one, two} {
				if err := r.Read(ctx, a, full, dst); err != nil {
					t.Fatal(err)
				}
				mustEqual(t, g, v, full, dst)
			}
			img := one.open[path].direct.img
			blocks := int64(0)
			for i := range 9 {
				_, n := img.Block(0, i%3, i/3)
				blocks += n
			}
			if n := one.BytesRead() - two.BytesRead(); n != blocks {
				t.Errorf("the first reader asked for %d bytes more, its blocks have %d", n, blocks)
			}
			one.Close()
			two.Close()
		}
		want := int64(2 * 9 * 256 * 256 * 2) // two files, nine blocks
		if narrow {
			want /= 2
		}
		if c.Bytes() != want {
			t.Errorf("%d bytes kept, want %d", c.Bytes(), want)
		}
	}
}

// Readers of several goroutines share a cache too small for the file: nobody
// reads a wrong number and the bound holds.
func TestCacheIsBounded(t *testing.T) {
	g, v := sampleGrid(1500)
	path := filepath.Join(t.TempDir(), "B04.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 128}); err != nil {
		t.Fatal(err)
	}
	const most = 10*128*128*2 + 5 // ten blocks
	c := NewCache(most)
	var all errgroup.Group
	for worker := range uint64(4) {
		all.Go(func() error {
			r := Open(Options{Cache: c})
			defer r.Close()
			rng := rand.New(rand.NewPCG(worker, 5))
			for range 60 {
				w := randomWindow(rng, 1500, 1500, 128, 128)
				w.Width, w.Height = min(w.Width, 300), min(w.Height, 300)
				dst := make([]uint16, w.Width*w.Height)
				if err := r.Read(context.Background(), raster.Asset{Href: path, Grid: g}, w, dst); err != nil {
					return err
				}
				if err := differs(g, v, w, dst); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	if n := c.Bytes(); n != 10*128*128*2 {
		t.Errorf("%d bytes kept, want ten blocks", n)
	}
}
