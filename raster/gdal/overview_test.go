package gdal

import (
	"bytes"
	"context"
	"image/png"
	"math"
	"path/filepath"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// smooth are values that change slowly, with no data in the north-west corner.
func smooth(g raster.Grid) []uint16 {
	v := make([]uint16, g.Width*g.Height)
	for i := range v {
		c, r := float64(i%g.Width), float64(i/g.Width)
		if c+r >= 100 {
			v[i] = uint16(3000 + 2000*math.Sin(c/150)*math.Cos(r/110))
		}
	}
	return v
}

// plainTIFF writes values as a GeoTIFF in strips, without overviews.
func plainTIFF(t *testing.T, path string, g raster.Grid, v []uint16, typ godal.DataType) {
	t.Helper()
	register()
	ds, err := godal.Create(godal.GTiff, path, 1, typ, g.Width, g.Height)
	if err != nil {
		t.Fatal(err)
	}
	sr, err := godal.NewSpatialRefFromEPSG(g.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	defer sr.Close()
	for _, err := range []error{ds.SetSpatialRef(sr), ds.SetGeoTransform([6]float64{g.X0, g.Res, 0, g.Y0, 0, -g.Res}), ds.SetNoData(0),
		ds.Bands()[0].Write(0, 0, v, g.Width, g.Height), ds.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every level, stored as an overview or made while reading, holds the mean of
// the pixels under each of its own, without no data; 8 bit keeps one of them.
func TestLevelsAreMeans(t *testing.T) {
	g := raster.Grid{EPSG: 32650, X0: 499980, Y0: 4000020, Res: 10, Width: 1500, Height: 1100}
	v := smooth(g)
	dir := t.TempDir()
	cog, plain := filepath.Join(dir, "cog.tif"), filepath.Join(dir, "plain.tif")
	if err := WriteCOG(cog, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	plainTIFF(t, plain, g, v, godal.UInt16)
	classes := make([]uint16, len(v))
	for i := range classes {
		classes[i] = uint16(4 + i%3)
	}
	plainTIFF(t, filepath.Join(dir, "scl.tif"), g, classes, godal.Byte)
	r := Open(Options{})
	defer r.Close()
	ctx := context.Background()
	for _, path := range []string{cog, plain, filepath.Join(dir, "scl.tif")} {
		a := raster.Asset{Href: path}
		got, levels, err := r.Levels(ctx, a)
		if err != nil || got != g {
			t.Fatal(got, err)
		}
		if n := len(levels); n < 3 || levels[n-1].Width > 256 || levels[0].Width != 1500 {
			t.Fatalf("%s: levels %+v", path, levels)
		}
		for k, l := range levels {
			dst := make([]uint16, l.Width*l.Height)
			// in windows, as blocks are read
			for row := 0; row < l.Height; row += l.BlockHeight {
				for col := 0; col < l.Width; col += l.BlockWidth {
					w := raster.Window{Col: col, Row: row, Width: min(l.BlockWidth, l.Width-col), Height: min(l.BlockHeight, l.Height-row)}
					part := make([]uint16, w.Width*w.Height)
					if err := r.ReadLevel(ctx, a, k, w, part); err != nil {
						t.Fatal(err)
					}
					for i, x := range part {
						dst[(row+i/w.Width)*l.Width+col+i%w.Width] = x
					}
				}
			}
			worst := 0.0
			for i, x := range dst {
				c0, c1 := i%l.Width*g.Width/l.Width, (i%l.Width+1)*g.Width/l.Width
				r0, r1 := i/l.Width*g.Height/l.Height, (i/l.Width+1)*g.Height/l.Height
				sum, n := 0.0, 0
				for row := r0; row < r1; row++ {
					for col := c0; col < c1; col++ {
						if p := v[row*g.Width+col]; p > 0 {
							sum, n = sum+float64(p), n+1
						}
					}
				}
				switch {
				case path != cog && path != plain:
					if x < 4 || x > 6 {
						t.Fatalf("class %d from classes 4, 5 and 6", x)
					}
				case c1+r1+c1-c0+r1-r0 < 100 && x != 0 || c0+r0-(c1-c0)-(r1-r0) >= 100 && x == 0: // one pixel off the data's edge
					t.Fatalf("%s level %d pixel %d: %d over %d pixels with data", path, k, i, x, n)
				case c0+r0-(c1-c0)-(r1-r0) >= 100:
					worst = max(worst, math.Abs(float64(x)-sum/float64(n)))
				}
			}
			// a level's pixel changes by at most 15 DN per 10 m; odd sizes move it by less than half a pixel of its own
			if limit := 1 + 8*float64(g.Width)/float64(l.Width)*float64(min(k, 1)); worst > limit {
				t.Errorf("%s level %d: %.1f DN off the mean, want at most %.1f", path, k, worst, limit)
			}
		}
	}
	for _, w := range []raster.Window{{Col: -1, Width: 2, Height: 1}, {Col: 1499, Width: 2, Height: 1}, {Width: 1, Height: 1}} {
		if err := r.ReadLevel(ctx, raster.Asset{Href: cog}, 0, w, make([]uint16, 2)); err == nil {
			t.Errorf("window %+v was read", w)
		}
	}
	if err := r.ReadLevel(ctx, raster.Asset{Href: cog}, 9, raster.Window{Width: 1, Height: 1}, make([]uint16, 1)); err == nil {
		t.Error("level 9 was read")
	}
	if _, _, err := r.Levels(ctx, raster.Asset{Href: filepath.Join(dir, "none.tif")}); err == nil {
		t.Error("a missing file has levels")
	}
}

// Far out, a tile shows the mean of the land under each of its pixels, from
// overviews as from a file without: the grey of tile 11/1693/807 against the
// mean of the 10 m pixels in a square of its size around the pixel's place.
func TestFarTilesShowMeans(t *testing.T) {
	g := raster.Grid{EPSG: 32650, X0: 545000, Y0: 3950000, Res: 10, Width: 2500, Height: 2500}
	v := smooth(g)
	dir := t.TempDir()
	cog, plain := filepath.Join(dir, "cog.tif"), filepath.Join(dir, "plain.tif")
	if err := WriteCOG(cog, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	plainTIFF(t, plain, g, v, godal.UInt16)
	rnd := raster.NewRenderer(func() raster.LevelReader { return Open(Options{}) }, raster.RenderOptions{})
	defer rnd.Close()
	style := raster.Style{Name: "grey", Bands: []raster.Band{raster.B04, raster.B04, raster.B04}, Hi: 0.51}
	for _, path := range []string{cog, plain} {
		s := raster.Scene{ID: "a", EPSG: g.EPSG, Assets: map[raster.Band]raster.Asset{raster.B04: {Href: path}}}
		b, err := rnd.Tile(context.Background(), 11, 1693, 807, []raster.Scene{s}, style, raster.TileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		// Golden positions by pyproj 3.7.2 (EPSG:3857 to 32650) of pixels 20, 30 and so on.
		for _, p := range farPixels {
			col, row := int((p.east-g.X0)/10), int((g.Y0-p.north)/10)
			sum, n := 0.0, 0
			for dr := -3; dr < 3; dr++ {
				for dc := -3; dc < 3; dc++ {
					sum += float64(v[(row+dr)*g.Width+col+dc])
					n++
				}
			}
			want := sum / float64(n) / 5100 * 255
			got, _, _, alpha := img.At(p.col, p.row).RGBA()
			if alpha != 0xffff || math.Abs(float64(got>>8)-want) > 3 { // half a pixel of an overview is 60 DN at the steepest
				t.Errorf("%s pixel %d, %d: grey %d, mean %.1f", path, p.col, p.row, got>>8, want)
			}
		}
	}
}

var farPixels = []struct {
	col, row    int
	east, north float64
}{
	{20, 30, 555420.6, 3938280.0},
	{100, 37, 560400.2, 3937878.8},
	{128, 128, 562181.4, 3932252.8},
	{200, 60, 566632.0, 3936498.4},
	{60, 190, 557973.2, 3928381.2},
	{150, 90, 563534.1, 3934617.2},
}
