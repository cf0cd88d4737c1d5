package main

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

var tile = raster.Grid{EPSG: 32650, X0: 399960, Y0: 3600000, Res: 10, Width: 1024, Height: 1024}

func area(s shape) float64 {
	sum := 0.0
	for _, poly := range s {
		for i, ring := range poly {
			a := 0.0
			for k := 1; k < len(ring); k++ {
				a += (ring[k-1][0]-ring[0][0])*(ring[k][1]-ring[0][1]) - (ring[k][0]-ring[0][0])*(ring[k-1][1]-ring[0][1])
			}
			if i == 0 {
				sum += math.Abs(a) / 2
			} else {
				sum -= math.Abs(a) / 2
			}
		}
	}
	return sum
}

// crosses reports whether any two segments of a shape cross each other.
func crosses(s shape) bool {
	var seg [][2]point
	for _, poly := range s {
		for _, ring := range poly {
			for k := 1; k < len(ring); k++ {
				seg = append(seg, [2]point{ring[k-1], ring[k]})
			}
		}
	}
	side := func(a, b, p point) float64 { return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0]) }
	for i, a := range seg {
		for _, b := range seg[:i] {
			if side(a[0], a[1], b[0])*side(a[0], a[1], b[1]) < 0 && side(b[0], b[1], a[0])*side(b[0], b[1], a[1]) < 0 {
				return true
			}
		}
	}
	return false
}

// The wanted sizes are those of issue 3's workload.
func TestPolygonsAreLikeTheLand(t *testing.T) {
	for _, want := range []struct {
		set
		low, median, high float64 // m²
	}{
		{set{"fields", 2000, field}, 2000, 8000, 50000},
		{set{"parcels", 2000, parcel}, 300, 1000, 3000},
		{set{"mixed", 2000, mixed}, 0, 1500, 5e6},
	} {
		var areas []float64
		holes, parts, strips := 0, 0, 0
		for i, s := range scatter(tile, want.set) {
			areas = append(areas, area(s))
			if crosses(s) {
				t.Errorf("%s %d crosses itself: %v", want.name, i, s)
			}
			if len(s[0]) > 1 {
				holes++
			}
			if len(s) > 1 {
				parts++
			}
			a, b := s[0][0][0], s[0][0][len(s[0][0])-2]
			if math.Hypot(a[0]-b[0], a[1]-b[1]) < 10 {
				strips++
			}
		}
		slices.Sort(areas)
		m := areas[len(areas)/2]
		if areas[0] < 0.8*want.low || m < want.median/1.5 || m > want.median*1.5 || areas[len(areas)-1] > 1.2*want.high {
			t.Errorf("%s: areas from %.0f by %.0f to %.0f m², want about %v", want.name, areas[0], m, areas[len(areas)-1], want)
		}
		if holes == 0 || parts == 0 {
			t.Errorf("%s: %d with holes, %d of several parts", want.name, holes, parts)
		}
		if want.name == "parcels" && (strips < 300 || strips > 900) {
			t.Errorf("%d of 2000 parcels are narrow, want about a fifth and the short ends of some", strips)
		}
	}
}

func TestSameLandTwice(t *testing.T) {
	s := set{"fields", 500, field}
	a, b := scatter(tile, s), scatter(tile, s)
	for i := range a {
		if !slices.Equal(a[i][0][0], b[i][0][0]) {
			t.Fatalf("field %d differs", i)
		}
	}
}

func TestAFifthIsCloud(t *testing.T) {
	g := newGround(tile)
	scl := make([]uint16, 512*512)
	twenty := tile
	twenty.Res, twenty.Width, twenty.Height = 20, 512, 512
	g.fill(raster.SCL, twenty, scl)
	n := map[uint16]float64{}
	for _, v := range scl {
		n[v]++
	}
	all := float64(len(scl))
	if n[9]/all < 0.15 || n[9]/all > 0.25 || n[3]/all < 0.03 || n[4]+n[5] < 0.5*all {
		t.Errorf("classes: %v of %v", n, all)
	}
}

// The texture packs like real land: 12–13 bits a pixel in the near infrared of
// the real scene and 11.1–11.4 in the visible, measured by `calibrate` and, for
// the scene, by GDAL's own DEFLATE in rasterio (12.8 and 11.4–11.7 with the
// header of a small file).
func TestTexturePacksLikeRealLand(t *testing.T) {
	g := newGround(tile)
	for b, want := range map[raster.Band][2]float64{raster.B02: {11, 11.7}, raster.B08: {12, 13}} {
		values := make([]uint16, tile.Width*tile.Height)
		g.fill(b, tile, values)
		path := t.TempDir() + "/" + string(b) + ".tif"
		if err := gdal.WriteCOG(path, tile, values, gdal.COGOptions{}); err != nil {
			t.Fatal(err)
		}
		r := gdal.Open(gdal.Options{})
		defer r.Close()
		got, err := bits(context.Background(), r, raster.Asset{Href: path}, raster.Window{Width: 512, Height: 512})
		if err != nil {
			t.Fatal(err)
		}
		st, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.2f bits a pixel; the file with overviews %.2f", b, got, 8*float64(st.Size())/float64(len(values)))
		if got < want[0] || got > want[1] {
			t.Errorf("%s packs to %.1f bits a pixel, want %v", b, got, want)
		}
	}
}

// A fifth of the land is under cloud on every date, and seldom the same: of two
// dates that know nothing of each other a fifth of a fifth.
func TestCloudsMoveFromDateToDate(t *testing.T) {
	g := newGround(raster.Grid{EPSG: 32650, X0: 399960, Y0: 3600000, Res: 10, Width: 10980, Height: 10980})
	count := func(m []uint8, class uint8) float64 {
		n := 0
		for _, v := range m {
			if v == class {
				n++
			}
		}
		return float64(n) / float64(len(m))
	}
	a, b := g.cloudsOf(1), g.cloudsOf(2)
	both := make([]uint8, len(a))
	for i := range a {
		if a[i] == 1 && b[i] == 1 {
			both[i] = 1
		}
	}
	if x, y := count(a, 1), count(b, 1); math.Abs(x-cloudShare) > 0.01 || math.Abs(y-cloudShare) > 0.01 {
		t.Errorf("%.3f and %.3f are cloud", x, y)
	}
	if x := count(both, 1); math.Abs(x-cloudShare*cloudShare) > 0.02 {
		t.Errorf("%.3f are cloud on both dates", x)
	}
	if count(a, 2) == 0 {
		t.Error("clouds have no shadow")
	}
	if !slices.Equal(a, g.cloudsOf(1)) {
		t.Error("a date has other clouds when made again")
	}
}
