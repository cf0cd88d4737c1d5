package gdal

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
	"golang.org/x/sync/errgroup"
)

// Readers of several goroutines share GDAL's memory of what a server said. One
// answer in twelve fails; nobody reads a wrong number.
func TestManyReadersOfOneServer(t *testing.T) {
	g, v, body := onServer(t)
	s := serve(t, body)
	s.during(func(n int, w http.ResponseWriter, r *http.Request) bool {
		switch rand.New(rand.NewPCG(uint64(n), 4)).IntN(36) { // not in step with the tries
		case 0:
			w.WriteHeader(503)
			return true
		case 1, 2:
			if r.Method == http.MethodGet {
				s.cut(w, r, n%2 == 0)
				return true
			}
		}
		return false
	})
	var all errgroup.Group
	for worker := range uint64(4) {
		all.Go(func() error {
			r := Open(Options{Wait: time.Millisecond, Tries: 10, ThroughGDAL: worker == 3})
			defer r.Close()
			rng := rand.New(rand.NewPCG(worker, 3))
			for range 12 {
				w := randomWindow(rng, g.Width, g.Height, 256, 256)
				w.Width, w.Height = min(w.Width, 500), min(w.Height, 500)
				dst := make([]uint16, w.Width*w.Height)
				if err := r.Read(context.Background(), raster.Asset{Href: s.URL + "/B02.tif", Grid: g}, w, dst); err != nil {
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
}

// A header that claims huge blocks is refused before memory is taken for them.
func TestHugeBlocks(t *testing.T) {
	g, v := sampleGrid(600)
	path := filepath.Join(t.TempDir(), "B04.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 1024}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ifd := int(binary.LittleEndian.Uint32(b[4:]))
	for e := ifd + 2; e < ifd+2+12*int(binary.LittleEndian.Uint16(b[ifd:])); e += 12 {
		if tag := binary.LittleEndian.Uint16(b[e:]); tag == 322 || tag == 323 { // the tile's width and height
			binary.LittleEndian.PutUint16(b[e+8:], 32768)
		}
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := Open(Options{})
	defer r.Close()
	err = r.Read(context.Background(), raster.Asset{Href: path}, raster.Window{Width: 1, Height: 1}, make([]uint16, 1))
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "32768") {
		t.Errorf("%v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}
