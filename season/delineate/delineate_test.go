package delineate

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/paulmach/orb"
)

// Made-up land with fields of 1.5 ha and noise is found again: each field, whole,
// and nothing else; in one window and in many, whose seams no field shows.
func TestMadeLandIsFound(t *testing.T) {
	g := made(150, 120)
	catalog := g.writeScenes(t, 5)
	want := g.fields(t, 10)
	for _, opt := range []Options{{}, {side: 40, margin: 24}} {
		opt.Scenes, opt.Out = catalog, filepath.Join(t.TempDir(), "out.gpkg")
		sum, err := Run(t.Context(), opt)
		if err != nil {
			t.Fatal(err)
		}
		got, ids := polygonsOf(t, opt.Out)
		s := outline.Compare(got, want, 0.5)
		t.Logf("%d windows: extent %.3f, object F1 %.3f, mean IoU %.3f", sum.Windows, s.ExtentIoU, s.ObjectF1, s.MeanIoU)
		if len(got) != sum.Fields || s.ObjectF1 < 0.95 || s.ExtentIoU < 0.95 || s.MeanIoU < 0.85 {
			t.Errorf("%d windows: %d fields of %d, %+v", sum.Windows, len(got), len(want), s)
		}
		apart(t, got)
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] {
				t.Errorf("the ID %s comes twice", id)
			}
			seen[id] = true
		}
	}
}

// Two tiles that lie over each other, in one zone and in two, propose the land
// that both show once.
func TestTilesDoNotOverlap(t *testing.T) {
	for _, c := range []struct {
		epsg   int
		x0, y0 float64
	}{{32650, 500600, 3599800}, {32651, 0, 0}} {
		one := made(100, 80)
		two := one
		two.grid.EPSG, two.grid.X0, two.grid.Y0 = c.epsg, c.x0, c.y0
		if c.epsg != one.grid.EPSG { // 114 km east of the zone's meridian the grids are turned by half a degree and more
			one.grid.X0 = 780000
			lonlat, err := parcels.Unproject(orb.MultiPolygon{{{{one.grid.X0 + 500, one.grid.Y0 - 300}}}}, one.grid.EPSG)
			if err != nil {
				t.Fatal(err)
			}
			p, err := parcels.Project(lonlat, c.epsg)
			if err != nil {
				t.Fatal(err)
			}
			two.grid.X0, two.grid.Y0 = 20*math.Round(p[0][0][0][0]/20), 20*math.Round(p[0][0][0][1]/20)
		}
		out := filepath.Join(t.TempDir(), "out.gpkg")
		sum, err := Run(t.Context(), Options{Scenes: writeCatalog(t, 3, map[string]ground{"50SMB": one, "51SAA": two}), Out: out, side: 64, margin: 24})
		if err != nil {
			t.Fatal(err)
		}
		got, _ := polygonsOf(t, out)
		if sum.Scenes != 6 || len(got) < 60 {
			t.Errorf("%d fields from %d scenes", len(got), sum.Scenes)
		}
		// Across zones pixels are told by their middles, so borders may share slivers.
		var all, shared float64
		var ps []parcels.Parcel
		for i, s := range got {
			ps = append(ps, parcels.Parcel{ID: string(rune('A' + i)), Polygon: s})
			all += parcels.AreaM2(s)
		}
		for _, o := range parcels.Overlaps(ps, 1e-5) {
			shared += o.AreaM2
		}
		t.Logf("EPSG:%d: %d fields, %.5f of the land proposed twice", c.epsg, len(got), shared/all)
		if c.epsg == 32650 && shared > 0.0001*all || shared > 0.005*all {
			t.Errorf("EPSG:%d: %.0f of %.0f m² are proposed twice", c.epsg, shared, all)
		}
	}
}

// apart fails where two polygons share land.
func apart(t *testing.T, shapes []orb.MultiPolygon) {
	t.Helper()
	var ps []parcels.Parcel
	for i, s := range shapes {
		ps = append(ps, parcels.Parcel{ID: string(rune('A' + i)), Polygon: s})
	}
	for _, o := range parcels.Overlaps(ps, 1e-5) {
		t.Errorf("%s and %s share %.2f m²", o.A, o.B, o.AreaM2)
	}
}

// The bytes do not depend on how many workers there are.
func TestWorkersChangeNothing(t *testing.T) {
	catalog := made(100, 90).writeScenes(t, 3)
	var first []byte
	for _, workers := range []int{1, 3} {
		out := filepath.Join(t.TempDir(), "out.gpkg")
		if _, err := Run(t.Context(), Options{Scenes: catalog, Out: out, Workers: workers, side: 32, margin: 16}); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		} else if !bytes.Equal(first, b) {
			t.Errorf("%d workers give other bytes than one", workers)
		}
	}
}

// Known parcels are left out, and nothing reaches out of the land asked for.
func TestKnownAndWithin(t *testing.T) {
	g := made(150, 120)
	catalog := g.writeScenes(t, 3)
	file := func(name string, shape orb.MultiPolygon) string {
		path := filepath.Join(t.TempDir(), name)
		if err := vector.WriteGPKG(path, "land", g.grid.EPSG, []vector.Field{{Name: "id"}}, []vector.Feature{{Polygon: shape, Values: []any{"1"}}}); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lonlat := func(mp orb.MultiPolygon) orb.MultiPolygon {
		out, err := parcels.Unproject(mp, g.grid.EPSG)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	within, known := g.pixels(10, 10, 110, 90), g.pixels(30, 20, 70, 60)
	opt := Options{Scenes: catalog, Out: filepath.Join(t.TempDir(), "out.gpkg"), Within: file("within.gpkg", within), Known: file("known.gpkg", known), side: 50, margin: 20}
	if _, err := Run(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	got, _ := polygonsOf(t, opt.Out)
	land := outline.Compare(got, []orb.MultiPolygon{lonlat(within)}, 0.5)
	taken := outline.Compare(got, []orb.MultiPolygon{lonlat(known)}, 0.5)
	// Corners are cut by less than a tenth of a pixel's area for each pixel of an outline.
	if land.SharedM2 < 0.999*land.ProposedM2 || taken.SharedM2 > 0.001*land.ProposedM2 {
		t.Errorf("of %.0f m² proposed %.0f lie within and %.0f in known land", land.ProposedM2, land.SharedM2, taken.SharedM2)
	}
	if share := land.ProposedM2 / (100*80*100 - 40*40*100); share < 0.93 {
		t.Errorf("%.3f of the free land is proposed", share)
	}
}

// A run that is stopped leaves nothing behind.
func TestStopped(t *testing.T) {
	g, dir := made(60, 40), t.TempDir()
	catalog := g.writeScenes(t, 2)
	for steps := range 8 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Run(ctx, Options{Scenes: catalog, Out: filepath.Join(dir, "out.gpkg"), Progress: newStopper(steps, cancel), side: 30, margin: 8})
		cancel()
		if err == nil {
			t.Fatalf("after %d steps: the run was not stopped", steps)
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d steps: %v", steps, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Fatalf("after %d steps %v is left behind", steps, left)
		}
	}
}

type stopper struct {
	silent
	left   atomic.Int32
	cancel func()
}

func newStopper(steps int, cancel func()) *stopper {
	s := &stopper{cancel: cancel}
	s.left.Store(int32(steps))
	return s
}

func (s *stopper) Step() {
	if s.left.Add(-1) < 0 {
		s.cancel()
	}
}

func TestBadInput(t *testing.T) {
	g := made(60, 40)
	catalog := g.writeScenes(t, 1)
	out := filepath.Join(t.TempDir(), "out.gpkg")
	far := orb.Bound{Min: orb.Point{10, 50}, Max: orb.Point{11, 51}}
	for _, c := range []struct {
		opt  Options
		says string
	}{
		{Options{Scenes: catalog, Out: filepath.Join(t.TempDir(), "no", "out.gpkg")}, "make it first"},
		{Options{Scenes: catalog, Out: t.TempDir()}, "is a folder"},
		{Options{Scenes: catalog, Out: out, EPSG: 3857}, "4490"},
		{Options{Scenes: catalog, Out: out, BBox: &far}, "widen"},
		{Options{Scenes: filepath.Join(t.TempDir(), "none.json"), Out: out}, "none.json"},
		{Options{Scenes: catalog, Out: out, Known: catalog}, "catalog.json"},
	} {
		if _, err := Run(t.Context(), c.opt); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("wanted an error that says %q, got %v", c.says, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%q: a file was written", c.says)
		}
	}
}
