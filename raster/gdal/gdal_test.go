package gdal

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parus-lending/parus/raster"
)

func sampleGrid(n int) (raster.Grid, []uint16) {
	g := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: n, Height: n}
	v := make([]uint16, n*n)
	for i := range v {
		v[i] = uint16(i*2654435761>>7) % 10000
	}
	return g, v
}

// What WriteCOG writes comes back, cloud-optimised and byte for byte the same
// each time.
func TestWriteCOG(t *testing.T) {
	g, v := sampleGrid(600)
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.tif"), filepath.Join(dir, "sub", "b.tif")
	for _, p := range []string{a, b} {
		if err := WriteCOG(p, g, v, COGOptions{BlockSize: 256}); err != nil {
			t.Fatal(err)
		}
	}
	one, _ := os.ReadFile(a)
	two, _ := os.ReadFile(b)
	if !bytes.Equal(one, two) {
		t.Error("equal input gave different bytes")
	}
	if !bytes.Contains(one, []byte("LAYOUT=IFDS_BEFORE_DATA")) { // the mark GDAL's COG driver leaves
		t.Error("not a cloud-optimised GeoTIFF")
	}
	r := Open(Options{Datasets: 1})
	defer r.Close()
	for _, p := range []string{a, b, a} { // more files than may be open
		got, err := r.Describe(context.Background(), raster.Asset{Href: p})
		if err != nil || got != g {
			t.Fatalf("grid %+v, %v", got, err)
		}
		w := raster.Window{Col: 250, Row: 333, Width: 40, Height: 267}
		dst := make([]uint16, w.Width*w.Height)
		if err := r.Read(context.Background(), raster.Asset{Href: p, Grid: g}, w, dst); err != nil {
			t.Fatal(err)
		}
		for i, x := range dst {
			if want := v[(w.Row+i/w.Width)*600+w.Col+i%w.Width]; x != want {
				t.Fatalf("pixel %d: %d, want %d", i, x, want)
			}
		}
	}
	scl := make([]uint16, len(v))
	for i := range scl {
		scl[i] = uint16(i % 12)
	}
	if err := WriteCOG(filepath.Join(dir, "scl.tif"), g, scl, COGOptions{Byte: true}); err != nil {
		t.Fatal(err)
	}
	dst := make([]uint16, 24)
	if err := r.Read(context.Background(), raster.Asset{Href: filepath.Join(dir, "scl.tif")}, raster.Window{Width: 24, Height: 1}, dst); err != nil || dst[11] != 11 || dst[12] != 0 {
		t.Errorf("8 bit: %v %v", dst, err)
	}
	if err := WriteCOG(a, g, v[1:], COGOptions{}); err == nil {
		t.Error("too few values were written")
	}
}

// A file cut short, a missing one and one that differs from its catalog are
// errors that name the file; GDAL says nothing on its own.
func TestBadFiles(t *testing.T) {
	g, v := sampleGrid(600)
	path := filepath.Join(t.TempDir(), "B04.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r := Open(Options{})
	defer r.Close()
	full := raster.Window{Width: 600, Height: 600}
	dst := make([]uint16, 600*600)
	other := g
	other.Width = 601
	if err := r.Read(context.Background(), raster.Asset{Href: path, Grid: other}, full, dst); err == nil || !strings.Contains(err.Error(), "catalog") {
		t.Errorf("a file of another size: %v", err)
	}
	for _, keep := range []int64{st.Size() / 2, 300, 0} {
		if err := os.Truncate(path, keep); err != nil {
			t.Fatal(err)
		}
		fresh := Open(Options{})
		err := fresh.Read(context.Background(), raster.Asset{Href: path, Grid: g}, full, dst)
		fresh.Close()
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("cut to %d bytes: %v", keep, err)
		}
	}
	if err := r.Read(context.Background(), raster.Asset{Href: path + "x"}, full, dst); err == nil || !strings.Contains(err.Error(), path+"x") {
		t.Errorf("missing file: %v", err)
	}
}

// Over http only the blocks that a window touches are fetched.
func TestReadOverHTTP(t *testing.T) {
	g, v := sampleGrid(3000)
	dir := t.TempDir()
	path := filepath.Join(dir, "B02.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	var sent atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counter{ResponseWriter: w}
		http.FileServer(http.Dir(dir)).ServeHTTP(c, r)
		sent.Add(c.n)
	}))
	defer srv.Close()
	r := Open(Options{})
	defer r.Close()
	w := raster.Window{Col: 1500, Row: 1500, Width: 8, Height: 8}
	dst := make([]uint16, 64)
	if err := r.Read(context.Background(), raster.Asset{Href: srv.URL + "/B02.tif"}, w, dst); err != nil {
		t.Fatal(err)
	}
	if dst[9] != v[1501*3000+1501] {
		t.Errorf("read %v", dst)
	}
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := sent.Load(); n == 0 || n > st.Size()/4 {
		t.Errorf("%d of %d bytes were fetched for 8 × 8 pixels", n, st.Size())
	}
}

type counter struct {
	http.ResponseWriter
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += int64(n)
	return n, err
}

func TestVersion(t *testing.T) {
	if v := Version(); strings.Count(v, ".") != 2 || v[0] < '3' {
		t.Errorf("version %q", v)
	}
}
