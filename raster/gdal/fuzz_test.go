package gdal

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// FuzzBlock: a file with bytes changed, read directly and through GDAL, never
// crashes, and where both ways give pixels these are equal.
func FuzzBlock(f *testing.F) {
	dir := f.TempDir()
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 2))
		k, _ := randomKind(rng)
		k.width, k.height = 1+k.width%60, 1+k.height%60
		path := filepath.Join(dir, "seed.tif")
		k.write(f, path, rng)
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint16(0), byte(0), uint16(0), byte(0))
		f.Add(b, uint16(len(b)/2), byte(1), uint16(len(b)-3), byte(128))
	}
	f.Fuzz(func(t *testing.T, b []byte, at1 uint16, x1 byte, at2 uint16, x2 byte) {
		if len(b) == 0 || len(b) > 1<<18 {
			return
		}
		b = append([]byte(nil), b...)
		b[int(at1)%len(b)] ^= x1
		b[int(at2)%len(b)] ^= x2
		path := filepath.Join(t.TempDir(), "a.tif")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		one, two := Open(Options{}), Open(Options{ThroughGDAL: true})
		defer one.Close()
		defer two.Close()
		a := raster.Asset{Href: path}
		g, err := one.Describe(context.Background(), a)
		if err != nil || one.open[path].direct == nil {
			return
		}
		bands := one.open[path].bands
		three, four := Open(Options{}), Open(Options{})
		defer three.Close()
		defer four.Close()
		for _, r := range []*Reader{three, four} {
			if _, err := r.Describe(context.Background(), a); err != nil {
				t.Fatal(err)
			}
		}
		both := []raster.Asset{{Href: path, Layer: 1}, {Href: path, Layer: bands}}
		bw, bh := one.open[path].direct.img.BlockWidth, one.open[path].direct.img.BlockHeight
		sameAsSingle(t, three, four, both, raster.Window{Width: min(g.Width, bw, 4096), Height: min(g.Height, bh, 4096)})
		for _, w := range []raster.Window{{Width: min(g.Width, 100), Height: min(g.Height, 100)}, {Col: g.Width / 2, Row: g.Height / 2, Width: 1, Height: 1}} {
			for _, layer := range []int{1, bands} {
				a.Layer = layer
				x, y := make([]uint16, w.Width*w.Height), make([]uint16, w.Width*w.Height)
				if one.Read(context.Background(), a, w, x) != nil || two.Read(context.Background(), a, w, y) != nil {
					continue
				}
				for i := range x {
					if x[i] != y[i] {
						t.Fatalf("band %d, window %+v, pixel %d: %d directly, %d through GDAL", layer, w, i, x[i], y[i])
					}
				}
			}
		}
	})
}
