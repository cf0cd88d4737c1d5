package zonal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// Two polygons whose numbers are found with a pencil.
func TestStatisticsByHand(t *testing.T) {
	land := writeLand(t, 32649,
		// Columns 10 and 11 whole and half of 12, rows 20 and 21: 5 pixels of 10 m; on
		// the 20 m grid column 5 whole and a quarter of column 6: 1.25 pixels.
		named{"hand", home.pixels(10, 20, 12.5, 22)},
		named{"cloud", home.pixels(0, 100, 2, 102)})
	dir := t.TempDir()
	writeScene(t, dir, "S2A_1", home, day, 1)
	out := filepath.Join(t.TempDir(), "out.parquet")
	sum, err := Run(context.Background(), Options{Scenes: writeCatalog(t, dir), Parcels: land, Out: out, Code: "test"})
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, out)
	if len(rows) != 20 || sum.Rows != 20 || sum.Polygons != 2 || len(sum.Scenes) != 1 || sum.Scenes[0].DN0 != 0 {
		t.Fatalf("%d rows, summary %+v", len(rows), sum)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) < 1e-9) {
			t.Errorf("%s is %.12g, want %.12g", what, got, want)
		}
	}
	for i, b := range raster.OpticalBands {
		r := rows[i]
		if r.ParcelID != "hand" || r.Band != string(b) || r.SceneID != "S2A_1" || r.Kind != "parcel" || !r.Time.Equal(day) {
			t.Fatalf("row %d is %+v", i, r)
		}
		base := float64(100 * (i + 1))
		if b == raster.B02 || b == raster.B03 || b == raster.B04 || b == raster.B08 {
			// Values base+10 (2 pixels), +11 (2 pixels), +12 (2 halves).
			near(string(b)+" total", r.Total, 5)
			near(string(b)+" count", r.Count, 5)
			near(string(b)+" inside", r.Inside, 4)
			near(string(b)+" mean", *r.Mean, (base+(2*10+2*11+12)/5.0)/1e4)
			near(string(b)+" std", *r.Std, math.Sqrt((2*.8*.8+2*.2*.2+1.2*1.2)/5)/1e4)
			near(string(b)+" min", *r.Min, (base+10)/1e4)
			near(string(b)+" p25", *r.P25, (base+10)/1e4)
			near(string(b)+" median", *r.Median, (base+11)/1e4)
			near(string(b)+" p75", *r.P75, (base+11)/1e4)
			near(string(b)+" max", *r.Max, (base+12)/1e4)
		} else {
			near(string(b)+" total", r.Total, 1.25)
			near(string(b)+" inside", r.Inside, 1)
			near(string(b)+" mean", *r.Mean, (base+(5+0.25*6)/1.25)/1e4)
			near(string(b)+" median", *r.Median, (base+5)/1e4)
			near(string(b)+" max", *r.Max, (base+6)/1e4)
		}
		if c := rows[10+i]; c.ParcelID != "cloud" || c.Count != 0 || c.Mean != nil || c.Total == 0 {
			t.Errorf("under cloud: %+v", c)
		}
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, _ := f.Stat()
	pf, err := parquet.OpenFile(f, st.Size())
	if err != nil {
		t.Fatal(err)
	}
	var said Summary
	text, _ := pf.Lookup(MetaKey)
	if err := json.Unmarshal([]byte(text), &said); err != nil || said.Rows != 20 || said.Code != "test" || len(said.Scenes) != 1 {
		t.Errorf("the footer says %s: %v", text, err)
	}
}

// observed runs with limits of memory of one's own.
func observed(t *testing.T, opt Options, l *limits) (*Summary, []byte) {
	t.Helper()
	opt.Out = filepath.Join(t.TempDir(), "out.parquet")
	r, err := newRun(opt)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if l != nil {
		r.limits = *l
	}
	if err := r.do(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(opt.Out)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Dir(opt.Out)); len(left) != 1 {
		t.Errorf("the folder holds %v, want the output alone", left)
	}
	return r.sum, b
}

// Strips, spilled or not, in any size and with any workers give the bytes of a
// run in one piece.
func TestStripsGiveTheSameBytes(t *testing.T) {
	opt := Options{Scenes: oneScene(t), Parcels: writeLand(t, 32649, scattered()...)}
	whole, want := observed(t, opt, nil)
	if whole.Strips != 1 || whole.Rows < 40000 {
		t.Fatalf("%+v", whole)
	}
	for _, c := range []struct {
		limits  limits
		workers int
		least   int
	}{
		{limits{held: 1 << 40, strip: 1 << 40}, 3, 1},
		{limits{held: 1, strip: 1 << 40}, 1, 1},     // all polygons through the file
		{limits{held: 1 << 40, strip: 500e3}, 2, 4}, // each row of blocks alone
		{limits{held: 200e3, strip: 150e3}, 2, 12},  // rows of blocks in parts, file and memory mixed
		{limits{held: 1, strip: 20e3}, 1, 100},      // some thirty polygons at a time
	} {
		opt.Workers = c.workers
		sum, got := observed(t, opt, &c.limits)
		if sum.Strips < c.least {
			t.Errorf("%+v: %d strips, want at least %d: the test looks at nothing", c, sum.Strips, c.least)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%+v: other bytes than in one piece", c)
		}
	}
}

// With several scenes strips change the order of rows and nothing else.
func TestStripsOfSeveralScenesGiveTheSameRows(t *testing.T) {
	dir := t.TempDir()
	for i := range 6 { // enough for the ground
		writeScene(t, dir, fmt.Sprint("S2A_", i), home, day.AddDate(0, 0, 10*i), 3*i)
	}
	opt := Options{Scenes: writeCatalog(t, dir), Parcels: writeLand(t, 32649, scattered()[:300]...)}
	sorted := func(b []byte) []rundir.Observation {
		rows, err := parquet.Read[rundir.Observation](bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		sort.SliceStable(rows, func(i, j int) bool {
			a, b := rows[i], rows[j]
			return a.SceneID+a.ParcelID < b.SceneID+b.ParcelID
		})
		return rows
	}
	_, whole := observed(t, opt, nil)
	sum, parts := observed(t, opt, &limits{held: 1e9, strip: 40e3})
	if sum.Strips < 3 {
		t.Fatalf("%d strips", sum.Strips)
	}
	if d := cmp.Diff(sorted(whole), sorted(parts)); d != "" {
		t.Error(d)
	}
}

// A county over two zones and three tiles, in degrees of CGCS2000: each polygon
// is observed once in its home tile, in that tile's zone.
func TestZonesAndTiles(t *testing.T) {
	// 34.5° N: at 113.98° E (zone 49) and at 114.02° E (zone 50).
	place := func(lon float64, epsg int) orb.Point {
		mp, err := parcels.Project(orb.MultiPolygon{{{{lon, 34.5}}}}, epsg)
		if err != nil {
			t.Fatal(err)
		}
		return mp[0][0][0]
	}
	corner := func(p orb.Point) (x, y float64) { return math.Round(p[0]/20)*20 - 1500, math.Round(p[1]/20)*20 + 1500 }
	west, east := tile{name: "49SGU", epsg: 32649, w: 300, h: 300}, tile{name: "50SKD", epsg: 32650, w: 300, h: 300}
	west.x0, west.y0 = corner(place(113.98, 32649))
	east.x0, east.y0 = corner(place(114.02, 32650))
	north := tile{"49SGV", 32649, west.x0, west.y0 + 2000, 300, 300} // overlaps the west tile by 100 pixels
	dir := t.TempDir()
	writeScene(t, dir, "S2A_west", west, day, 0)
	writeScene(t, dir, "S2A_east", east, day, 0)
	writeScene(t, dir, "S2A_north", north, day, 0)
	var land []named
	add := func(id string, tl tile, col, row float64) {
		lonlat, err := parcels.Unproject(tl.pixels(col, row, col+4.5, row+6), tl.epsg)
		if err != nil {
			t.Fatal(err)
		}
		land = append(land, named{id, lonlat})
	}
	add("east", east, 150, 150)
	add("west", west, 150, 150)
	add("north", north, 150, 50)
	add("both", north, 150, 220) // row 220 of the north tile is row 20 of the west: deeper in the north
	out := filepath.Join(t.TempDir(), "out.parquet")
	sum, err := Run(context.Background(), Options{Scenes: writeCatalog(t, dir), Parcels: writeLand(t, 4490, land...), Out: out})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Strips != 3 || sum.Polygons != 4 {
		t.Errorf("%+v", sum)
	}
	scene := map[string]string{}
	for _, r := range rowsOf(t, out) {
		if s := scene[r.ParcelID]; s != "" && s != r.SceneID {
			t.Errorf("%s is observed in %s and %s on one day", r.ParcelID, s, r.SceneID)
		}
		scene[r.ParcelID] = r.SceneID
		want := 27.0 // 4.5 × 6 pixels of 10 m
		if b := raster.Band(r.Band); b != raster.B02 && b != raster.B03 && b != raster.B04 && b != raster.B08 {
			want /= 4
		}
		if math.Abs(r.Total-want) > 1e-4 { // the way to degrees and back
			t.Errorf("%s %s: %g pixels, want %g", r.ParcelID, r.Band, r.Total, want)
		}
	}
	if want := map[string]string{"east": "S2A_east", "west": "S2A_west", "north": "S2A_north", "both": "S2A_north"}; !cmp.Equal(scene, want) {
		t.Errorf("observed in %v, want %v", scene, want)
	}
}

// One polygon over the whole tile beside small ones.
func TestHugePolygon(t *testing.T) {
	land := append(scattered()[:50], named{"county", home.pixels(-40, -40, float64(home.w)+40, float64(home.h)+40)})
	opt := Options{Scenes: oneScene(t), Parcels: writeLand(t, 32649, land...)}
	_, b := observed(t, opt, &limits{held: 1, strip: 30e3})
	rows, err := parquet.Read[rundir.Observation](bytes.NewReader(b), int64(len(b)))
	if err != nil || len(rows) != 510 {
		t.Fatal(len(rows), err)
	}
	for _, r := range rows {
		if r.ParcelID == "county" && r.Band == "B02" && (r.Total != float64(home.w*home.h) || r.Count != r.Total) {
			t.Errorf("the county has %g pixels, %g usable, want %d", r.Total, r.Count, home.w*home.h)
		}
	}
}
