package raster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// floats is a Reader of radar held in memory, by href.
type floats map[string]floatFile

type floatFile struct {
	grid Grid
	px   []float32
	bad  func(w Window) bool // reads that fail
}

func (m floats) Describe(_ context.Context, a Asset) (Grid, error) {
	if m[a.Href].grid.Width == 0 {
		return Grid{}, errors.New("it has no position")
	}
	return m[a.Href].grid, nil
}

func (m floats) ReadFloat(_ context.Context, a Asset, w Window, dst []float32) error {
	f := m[a.Href]
	if w != w.clip(f.grid) || len(dst) != w.Width*w.Height {
		return fmt.Errorf("window %+v of %+v", w, f.grid)
	}
	if f.bad != nil && f.bad(w) {
		return errors.New("torn")
	}
	for r := range w.Height {
		copy(dst[r*w.Width:(r+1)*w.Width], f.px[(w.Row+r)*f.grid.Width+w.Col:])
	}
	return nil
}

func (floats) Read(context.Context, Asset, Window, []uint16) error {
	return errors.New("radar is floating point")
}
func (floats) Blocks(context.Context, Asset) (int, int, error) { return 16, 16, nil }
func (floats) Close() error                                    { return nil }

// radarScene is a scene of VV and VH with the pixels given, n to a row.
func radarScene(m floats, id string, g Grid, vv, vh []float32) Scene {
	m[id+"/vv"], m[id+"/vh"] = floatFile{grid: g, px: vv}, floatFile{grid: g, px: vh}
	return Scene{ID: id, EPSG: g.EPSG, Platform: "sentinel-1a", Time: time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC),
		Footprint: orb.Polygon{rect(115, 31, 116, 32)},
		Assets:    map[Band]Asset{VV: {Href: id + "/vv", Grid: g, Scale: 1}, VH: {Href: id + "/vh", Grid: g, Scale: 1}}}
}

func observeRadar(t *testing.T, m floats, s Scene, home Grid, shapes ...Shape) *Result {
	t.Helper()
	cover, err := NewCover(shapes, home)
	if err != nil {
		t.Fatal(err)
	}
	res, err := ObserveRadar(context.Background(), m, s, cover, ObserveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b) }

func sameStats(a, b Stats) bool {
	return near(a.Total, b.Total) && near(a.Count, b.Count) && near(a.Inside, b.Inside) && near(a.Mean, b.Mean) && near(a.Std, b.Std) &&
		near(a.Min, b.Min) && near(a.P25, b.P25) && near(a.Median, b.Median) && near(a.P75, b.P75) && near(a.Max, b.Max)
}

var radarGrid = Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 4, Height: 2}

// A pixel and a half of the upper row.
var pixelAndHalf = Shape{ID: "p", Kind: "plot", Polygon: orb.MultiPolygon{{rect(500000, 3499990, 500015, 3500000)}}}

// By hand. Power 1 and 0.1 with weights 1 and 0.5: the mean power is
// (1 + 0.05)/1.5 = 0.7, so −1.549 dB and not the −3.33 dB of the pixels' mean.
// In dB 0 and −10 around −10/3: variance (1·(10/3)² + 0.5·(20/3)²)/1.5 = 200/9.
// A quarter of the weight (0.375) is reached at −10, a half (0.75) at 0.
func TestRadarByHand(t *testing.T) {
	m := floats{}
	s := radarScene(m, "a", radarGrid, []float32{1, 0.1, 9, 9, 9, 9, 9, 9}, []float32{0, -1, 9, 9, 9, 9, 9, 9})
	far := Shape{ID: "far", Polygon: orb.MultiPolygon{{rect(600000, 3499990, 600015, 3500000)}}}
	res := observeRadar(t, m, s, radarGrid, pixelAndHalf, far)
	if len(res.Warnings) > 0 || res.Unreadable || len(res.Rows()) != 2 {
		t.Fatalf("%+v: the far shape gets no rows", res)
	}
	vv, vh := res.Rows()[0], res.Rows()[1]
	want := Stats{Total: 1.5, Count: 1.5, Inside: 1, Mean: 10 * math.Log10(0.7), Std: math.Sqrt(200.0 / 9), Min: -10, P25: -10, Median: 0, P75: 0, Max: 0}
	// The files hold float32: 0.1 is 0.1000000015.
	if math.Abs(vv.Mean-want.Mean) > 1e-7 || math.Abs(vv.Std-want.Std) > 1e-7 || math.Abs(vv.Min+10) > 1e-7 {
		t.Errorf("VV %+v, want %+v", vv.Stats, want)
	}
	vv.Mean, vv.Std, vv.Min, vv.P25 = want.Mean, want.Std, want.Min, want.P25
	if !sameStats(vv.Stats, want) || vv.Band != VV || vv.ParcelID != "p" || vv.Kind != "plot" || vv.SceneID != "a" || !vv.Time.Equal(s.Time) {
		t.Errorf("VV %+v, want %+v", vv, want)
	}
	// Zero and negative power are no data.
	if !sameStats(vh.Stats, noStats(1.5)) || vh.Band != VH {
		t.Errorf("VH %+v", vh)
	}
}

// The same ground as power, as amplitude, as dB, and as whole numbers of
// 0.0001 dB: powers 1, 0.01, 100, 0.25 and a no-data pixel.
func TestRadarUnitsAgree(t *testing.T) {
	shape := Shape{ID: "p", Polygon: orb.MultiPolygon{{rect(500000, 3499982, 500037, 3500000)}}}
	nan := float32(math.NaN())
	power := []float32{1, 0.01, 100, 0.25, nan, 1, 1, 1}
	values := func(f func(p float64) float64) []float32 {
		out := make([]float32, len(power))
		for i, p := range power {
			out[i] = float32(f(float64(p)))
		}
		return out
	}
	m := floats{}
	s := radarScene(m, "a", radarGrid, power, values(math.Sqrt))
	amplitude := s.Assets[VH]
	amplitude.Unit = "amplitude"
	s.Assets[VH] = amplitude
	first := observeRadar(t, m, s, radarGrid, shape)
	s = radarScene(m, "b", radarGrid, values(decibels), values(func(p float64) float64 { return math.Round((decibels(p) + 3) * 10000) }))
	s.Assets[VV] = Asset{Href: "b/vv", Grid: radarGrid, Scale: 1, Unit: "dB"}
	s.Assets[VH] = Asset{Href: "b/vh", Grid: radarGrid, Scale: 0.0001, Offset: -3, Unit: "dB"}
	second := observeRadar(t, m, s, radarGrid, shape)
	want := first.Rows()[0].Stats
	if want.Count == 0 || want.Total-want.Count != 0.8 && !near(want.Total-want.Count, 0.8) {
		t.Fatalf("%+v: one pixel of 0.8 has no data", want)
	}
	for _, o := range []Observation{first.Rows()[1], second.Rows()[0], second.Rows()[1]} {
		for _, d := range []float64{o.Count - want.Count, o.Mean - want.Mean, o.Std - want.Std, o.Min - want.Min, o.Median - want.Median, o.Max - want.Max} {
			if !(math.Abs(d) < 1e-4) { // 0.0001 dB is what the whole numbers keep
				t.Errorf("%s of %s: %+v, want %+v", o.Band, o.SceneID, o.Stats, want)
			}
		}
	}
	if w := append(first.Warnings, second.Warnings...); len(w) > 0 {
		t.Errorf("warnings %v", w)
	}
}

// −32768 and other declared no-data values are none, whatever the unit.
func TestRadarNoData(t *testing.T) {
	for _, unit := range []string{"", "dB"} {
		for _, nodata := range []float64{-32768, -9999, 0} {
			m := floats{}
			px := []float32{-32768, 2, 2, 2, 2, 2, 2, 2}
			if nodata != 0 {
				px[0] = float32(nodata)
			}
			s := radarScene(m, "a", radarGrid, px, px)
			for _, b := range RadarBands {
				a := s.Assets[b]
				a.Unit, a.NoData = unit, nodata
				s.Assets[b] = a
			}
			res := observeRadar(t, m, s, radarGrid, pixelAndHalf)
			want := 2.0 // dB
			if unit == "" {
				want = 10 * math.Log10(2)
			}
			for _, o := range res.Rows() {
				if o.Count != 0.5 || o.Total != 1.5 || o.Inside != 0 || math.Abs(o.Mean-want) > 1e-9 || o.Std > 1e-9 {
					t.Errorf("unit %q, no data %g: %+v", unit, nodata, o.Stats)
				}
			}
		}
	}
}

// What cannot be used is named, and never a number.
func TestRadarRefusals(t *testing.T) {
	ones := []float32{1, 1, 1, 1, 1, 1, 1, 1}
	dn := []float32{210, 350, 280, 300, 190, 260, 220, 240}
	db := []float32{-10, -11, -9, -10, -12, -9, -10, -11}
	for _, c := range []struct {
		name, code, says string
		px               []float32
		change           func(m floats, a *Asset)
	}{
		{"GRD in radar geometry", UngeocodedRadar, "geocoded", ones, func(m floats, a *Asset) { a.Grid = Grid{}; m["a/vv"] = floatFile{} }},
		{"30 m", UnalignedRadar, "30 m", ones, func(_ floats, a *Asset) { a.Grid.Res = 30 }},
		{"half a pixel off", UnalignedRadar, "never resampled", ones, func(_ floats, a *Asset) { a.Grid.X0 += 5 }},
		{"20 m pixels 10 m off", UnalignedRadar, "never resampled", ones, func(_ floats, a *Asset) { a.Grid.X0 += 10; a.Grid.Res = 20 }},
		{"another zone", UnalignedRadar, "EPSG:32651", ones, func(_ floats, a *Asset) { a.Grid.EPSG = 32651 }},
		{"digital numbers, said", UncalibratedRadar, "DN", dn, func(_ floats, a *Asset) { a.Unit = "DN" }},
		{"digital numbers, seen", UncalibratedRadar, "digital numbers", dn, func(floats, *Asset) {}},
		{"decibels, not said", UncalibratedRadar, "decibels", db, func(floats, *Asset) {}},
		{"unknown unit", UncalibratedRadar, "furlong", ones, func(_ floats, a *Asset) { a.Unit = "furlong" }},
	} {
		m := floats{}
		s := radarScene(m, "a", radarGrid, c.px, ones)
		a := s.Assets[VV]
		c.change(m, &a)
		s.Assets[VV] = a
		res := observeRadar(t, m, s, radarGrid, pixelAndHalf)
		if len(res.Warnings) != 1 || res.Warnings[0].Code != c.code || res.Warnings[0].Subject != "a VV" || !strings.Contains(res.Warnings[0].Detail, c.says) {
			t.Errorf("%s: warnings %v", c.name, res.Warnings)
		}
		if len(res.Rows()) != 2 || !sameStats(res.Rows()[0].Stats, noStats(1.5)) || res.Rows()[1].Mean != 0 || res.Unreadable {
			t.Errorf("%s: %+v", c.name, res.Rows())
		}
	}
}

// VV alone, as some modes give: VH has count 0 and a warning.
func TestRadarMissingBand(t *testing.T) {
	m := floats{}
	s := radarScene(m, "a", radarGrid, []float32{1, 1, 1, 1, 1, 1, 1, 1}, nil)
	delete(s.Assets, VH)
	res := observeRadar(t, m, s, radarGrid, pixelAndHalf)
	if len(res.Warnings) != 1 || res.Warnings[0].Code != "missing_band" || res.Warnings[0].Subject != "a VH" {
		t.Errorf("warnings %v", res.Warnings)
	}
	if len(res.Rows()) != 2 || res.Rows()[0].Count != 1.5 || !sameStats(res.Rows()[1].Stats, noStats(1.5)) {
		t.Errorf("%+v", res.Rows())
	}
}

// A scene of 20 m pixels whose corner lies 40 pixels from the tile's, over land
// in two patches: one that cannot be read lowers only the counts there. Power is
// 0.001·(1 + column of the tile).
func TestRadarOtherCornerAndTornPatch(t *testing.T) {
	home := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 4400, Height: 100}
	g := Grid{EPSG: 32650, X0: 500800, Y0: 3500040, Res: 20, Width: 2000, Height: 60}
	px := make([]float32, g.Width*g.Height)
	for i := range px {
		px[i] = 0.001 * float32(1+40+i%g.Width)
	}
	m := floats{}
	s := radarScene(m, "a", g, px, px)
	torn := m["a/vh"]
	torn.bad = func(w Window) bool { return w.Col > 900 }
	m["a/vh"] = torn
	shapes := []Shape{
		{ID: "east", Polygon: orb.MultiPolygon{{rect(520800, 3499900, 520830, 3499920)}}},   // columns 1040, 1041 (half)
		{ID: "edge", Polygon: orb.MultiPolygon{{rect(500780, 3499900, 500820, 3499920)}}},   // column 39 lies outside the scene, 40 inside
		{ID: "west", Polygon: orb.MultiPolygon{{rect(500820, 3499900, 500860, 3499920)}}},   // columns 41, 42
		{ID: "out", Polygon: orb.MultiPolygon{{rect(500000, 3499900, 500040, 3499920)}}},    // outside the scene
		{ID: "above", Polygon: orb.MultiPolygon{{rect(500820, 3499995, 500860, 3500020)}}},  // clipped by the tile
		{ID: "beyond", Polygon: orb.MultiPolygon{{rect(541000, 3499900, 541040, 3499920)}}}, // east of the scene
	}
	res := observeRadar(t, m, s, home, shapes...)
	if !res.Unreadable || len(res.Warnings) != 1 || res.Warnings[0].Code != UnreadableBand || res.Warnings[0].Subject != "a VH" {
		t.Errorf("warnings %v", res.Warnings)
	}
	db := func(w ...float64) float64 { // pairs of power in thousandths and weight
		var sp, sw float64
		for i := 0; i < len(w); i += 2 {
			sp, sw = sp+0.001*w[i]*w[i+1], sw+w[i+1]
		}
		return 10 * math.Log10(sp/sw)
	}
	want := []struct {
		id                 string
		band               Band
		total, count, mean float64
	}{
		{"east", VV, 1.5, 1.5, db(1041, 1, 1042, 0.5)}, {"east", VH, 1.5, 0, math.NaN()},
		{"edge", VV, 2, 1, db(41, 1)}, {"edge", VH, 2, 1, db(41, 1)},
		{"west", VV, 2, 2, db(42, 1, 43, 1)}, {"west", VH, 2, 2, db(42, 1, 43, 1)},
		{"above", VV, 0.5, 0.5, db(42, 1, 43, 1)}, {"above", VH, 0.5, 0.5, db(42, 1, 43, 1)},
	}
	if len(res.Rows()) != len(want) {
		t.Fatalf("%d rows, want %d: %+v", len(res.Rows()), len(want), res.Rows())
	}
	for i, w := range want {
		o := res.Rows()[i]
		if o.ParcelID != w.id || o.Band != w.band || !near(o.Total, w.total) || !near(o.Count, w.count) || !(math.Abs(o.Mean-w.mean) < 1e-6 || math.IsNaN(o.Mean) && math.IsNaN(w.mean)) {
			t.Errorf("row %d %s %s %+v, want %+v", i, o.ParcelID, o.Band, o.Stats, w)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cover, err := NewCover(shapes, home)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ObserveRadar(ctx, m, s, cover, ObserveOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}
