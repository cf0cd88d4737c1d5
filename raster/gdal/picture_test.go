package gdal

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// realPixels are colours of pixels of tile 15/16659/10996 over the real patch on
// 15 July 2018, "" where it is not: position by pyproj 3.7.2, DN by GDAL's
// gdal_translate to XYZ, colours by the formulas of docs/pictures.md in Python.
// Left out are pixels whose centre lies within a fiftieth of a scene pixel's
// edge.
var realPixels = []struct {
	col, row             int
	truecolor, ndvi, scl string
}{
	{3, 3, "", "", ""},
	{10, 100, "756c5d", "219c88", "00a000"},
	{250, 250, "", "", ""},
	{255, 0, "", "", ""},
	{130, 183, "2a422d", "fde725", "00a000"},
	{14, 238, "77664f", "2fb17c", "00a000"},
	{127, 26, "", "", ""},
	{80, 57, "787661", "21928c", "ffe65a"},
	{190, 240, "", "", ""},
	{126, 194, "2f4231", "f0e525", "00a000"},
	{52, 127, "43523f", "b4dd2c", "00a000"},
	{6, 110, "72635d", "2d728e", "ffe65a"},
	{208, 143, "", "", ""},
	{93, 199, "4e5941", "81d34c", "00a000"},
	{81, 36, "a8aaa3", "34628d", "ffe65a"},
	{71, 227, "42513c", "b4dd2c", "00a000"},
	{64, 67, "98887b", "38578b", "ffe65a"},
	{0, 2, "", "", ""},
	{107, 110, "364a36", "dce326", "00a000"},
	{84, 85, "5b6247", "60c860", "00a000"},
	{148, 160, "344935", "e9e425", "00a000"},
	{101, 104, "414d3a", "b6de2a", "00a000"},
	{93, 100, "61604a", "4fc36a", "00a000"},
	{196, 152, "", "", ""},
	{11, 184, "3c4836", "94d640", "00a000"},
	{212, 84, "", "", ""},
	{33, 169, "8b8375", "2b758e", "ffe65a"},
	{154, 1, "", "", ""},
	{173, 33, "", "", ""},
}

func TestPictureOfRealScene(t *testing.T) {
	var scene raster.Scene
	for _, s := range patchScenes(t) {
		if s.ID == "S2_20180715T105300" {
			scene = s
		}
	}
	r := raster.NewRenderer(func() raster.LevelReader { return Open(Options{}) }, raster.RenderOptions{})
	defer r.Close()
	for k, name := range []string{"truecolor", "ndvi", "scl"} {
		style, err := raster.StyleByName(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Tile(context.Background(), 15, 16659, 10996, []raster.Scene{scene}, style, raster.TileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range realPixels {
			text := []string{p.truecolor, p.ndvi, p.scl}[k]
			got := color.NRGBAModel.Convert(img.At(p.col, p.row)).(color.NRGBA)
			if text == "" {
				if got.A != 0 {
					t.Errorf("%s: pixel %d, %d is %v outside the scene", name, p.col, p.row, got)
				}
				continue
			}
			var want raster.RGB
			if err := want.UnmarshalText([]byte("#" + text)); err != nil {
				t.Fatal(err)
			}
			if got.A != 255 || apart(got.R, want[0]) > 1 || apart(got.G, want[1]) > 1 || apart(got.B, want[2]) > 1 {
				t.Errorf("%s: pixel %d, %d is %v, want %v", name, p.col, p.row, got, want)
			}
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// A tile of files on a server is the tile of the same files on disk, near and
// far, and far out only a small part of the file is fetched.
func TestTilesOverHTTP(t *testing.T) {
	g := raster.Grid{EPSG: 32650, X0: 545000, Y0: 3950000, Res: 10, Width: 2500, Height: 2500}
	v := smooth(g)
	for i := range v { // so that it does not pack to nothing
		if v[i] > 0 {
			v[i] += uint16(i*2654435761>>9) % 400
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "b04.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	var sent atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &counter{ResponseWriter: w}
		http.ServeFile(c, r, path)
		sent.Add(c.n)
	}))
	defer srv.Close()
	tile := func(href string, z, x, y int) []byte {
		r := raster.NewRenderer(func() raster.LevelReader { return Open(Options{}) }, raster.RenderOptions{})
		defer r.Close()
		s := raster.Scene{ID: "a", EPSG: g.EPSG, Assets: map[raster.Band]raster.Asset{raster.B04: {Href: href}}}
		b, err := r.Tile(context.Background(), z, x, y, []raster.Scene{s}, raster.Style{Name: "x", Formula: "B04", Hi: 0.6}, raster.TileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, p := range [][3]int{{10, 846, 403}, {11, 1693, 807}, {14, 13546, 6460}} {
		local := tile(path, p[0], p[1], p[2])
		before := sent.Load()
		if far := tile(srv.URL+"/"+fmt.Sprint(p[0])+"/b04.tif", p[0], p[1], p[2]); !bytes.Equal(far, local) {
			t.Errorf("tile %v differs over http", p)
		}
		if n := sent.Load() - before; n == 0 || n > info.Size()/3 {
			t.Errorf("tile %v fetched %d of %d bytes", p, n, info.Size())
		}
		if len(local) < 2000 {
			t.Errorf("tile %v is nearly empty: %d bytes", p, len(local))
		}
	}
}
