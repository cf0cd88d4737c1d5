package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"github.com/parus-lending/parus/data/store"
)

func p[T any](v T) *T { return &v }

func newLand(t testing.TB, parcels ...store.LandParcel) *Land {
	t.Helper()
	l, err := NewLand(parcels)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// read decodes a tile with another program's reader.
func read(t testing.TB, l *Land, a Address, v View) []*geojson.Feature {
	t.Helper()
	body, err := l.Tile(a, v)
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > mostBytes {
		t.Fatalf("tile %v has %d bytes", a, len(body))
	}
	if body == nil {
		return nil
	}
	layers, err := mvt.UnmarshalGzipped(body)
	if err != nil {
		t.Fatal(err)
	}
	if len(layers) != 1 || layers[0].Name != "parcels" || layers[0].Extent != 4096 || layers[0].Version != 2 {
		t.Fatalf("%+v", layers)
	}
	return layers[0].Features
}

// tileDegrees is the width of a tile of zoom 14.
const tileDegrees = 360.0 / (1 << 14)

// A quarter of a tile's width to the east and to the north of where the equator
// meets Greenwich: there a degree of latitude is as long on the map as one of
// longitude (to 1 part in 10⁸), so the corners are 0 and 1024 from the west edge
// of tile 8192, and 4096 and 3072 from the north edge of the row 8191 above the
// equator. The hole is the middle half of it.
func TestHandChecked(t *testing.T) {
	q := tileDegrees / 4
	square := func(from, to float64) orb.Ring {
		return orb.Ring{{from * q, from * q}, {to * q, from * q}, {to * q, to * q}, {from * q, to * q}, {from * q, from * q}}
	}
	l := newLand(t, store.LandParcel{ParcelID: "a", PlotID: "P", AreaM2: 1000, Crop: "maize", Grade: p(int32(4)), Yield: p(float32(446.8)), Outcome: "admit", Risk: "warn",
		Geometry: orb.MultiPolygon{{square(0, 1), square(0.25, 0.75)}}}, store.LandParcel{ParcelID: "bare", PlotID: "bare", AreaM2: 2000.0 / 3, Geometry: orb.MultiPolygon{{square(2, 3)}}})
	at := Address{14, 8192, 8191}
	got := read(t, l, at, Everything)
	if len(got) != 2 {
		t.Fatal(got)
	}
	want := orb.Polygon{{{0, 4096}, {0, 3072}, {1024, 3072}, {1024, 4096}, {0, 4096}}, {{256, 3840}, {768, 3840}, {768, 3328}, {256, 3328}, {256, 3840}}}
	if g, ok := got[0].Geometry.(orb.Polygon); !ok || !orb.Equal(g, want) {
		t.Errorf("%v, want %v", got[0].Geometry, want)
	}
	// 1000 m² are 1.5 mu, 2000/3 m² are one.
	if s := fmt.Sprint(got[0].Properties); s != "map[area_mu:1.5 crop:maize grade:4 outcome:admit parcel_id:a plot_id:P risk:warn yield:446.8]" {
		t.Error(s)
	}
	if s := fmt.Sprint(got[1].Properties, got[1].ID); s != "map[area_mu:1 parcel_id:bare plot_id:bare] 2" {
		t.Error(s)
	}
	if s := fmt.Sprint(read(t, l, at, NoOutcome)[0].Properties["outcome"]); s != "<nil>" {
		t.Error(s)
	}
	// The row south of the equator sees the 64 of its buffer: nothing lies there but the edge itself.
	if got := read(t, l, Address{14, 8192, 8192}, Everything); got != nil && planar.Area(clip.Geometry(orb.Bound{Max: orb.Point{4096, 4096}}, got[0].Geometry)) != 0 {
		t.Error(got)
	}
	if got := read(t, l, Address{14, 8300, 8191}, Everything); got != nil {
		t.Error(got)
	}
}

// Cut at the tiles' edges and put together again a polygon has the area it had,
// at every zoom, and each part is in its tile and the buffer.
func TestTilesMeetAtTheirEdges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		// A star around a place in China, its size about that of a tile of zoom 13.
		var ring orb.Ring
		for i := range 12 {
			angle, r := 2*math.Pi*float64(i)/12, tileDegrees*(0.5+rnd.Float64())
			ring = append(ring, orb.Point{115.5 + r*math.Cos(angle), 31.5 + r*math.Sin(angle)})
		}
		ring = append(ring, ring[0])
		l := newLand(t, store.LandParcel{ParcelID: "a", PlotID: "a", Geometry: orb.MultiPolygon{{ring}}})
		for z := int32(LeastZoom); z <= MostZoom; z++ {
			sum, want := 0.0, 0.0
			var outline orb.Ring
			side := math.Pow(2, float64(gridBits-z))
			for _, q := range l.points {
				outline = append(outline, orb.Point{float64(q.x) / side * 4096, float64(q.y) / side * 4096})
			}
			want = math.Abs(planar.Area(append(outline, outline[0])))
			b := l.boxes[0]
			for x := b.west >> (gridBits - z); x <= b.east>>(gridBits-z); x++ {
				for y := b.north >> (gridBits - z); y <= b.south>>(gridBits-z); y++ {
					for _, f := range read(t, l, Address{z, x, y}, Everything) {
						bound := f.Geometry.Bound()
						if bound.Min[0] < -buffer || bound.Min[1] < -buffer || bound.Max[0] > 4096+buffer || bound.Max[1] > 4096+buffer {
							t.Fatalf("%d/%d/%d: %v", z, x, y, bound)
						}
						sum += math.Abs(planar.Area(clip.Geometry(orb.Bound{Max: orb.Point{4096, 4096}}, f.Geometry)))
					}
				}
			}
			// Each of 12 sides may move by the tolerance and by half a grid step.
			if slack := planar.Length(outline) * (tolerance(z) + 1); math.Abs(sum-want) > slack {
				t.Errorf("zoom %d: the parts have %.0f, the whole %.0f, slack %.0f", z, sum, want, slack)
			}
			if z >= 15 && math.Abs(sum/want-1) > 1e-3 {
				t.Errorf("zoom %d: %.0f of %.0f", z, sum, want)
			}
		}
	}
}

// dense is n parcels of 36 m in plots of eight, in rows of 250 (8.9 km).
func dense(n int) []store.LandParcel {
	out, rnd := make([]store.LandParcel, n), rand.New(rand.NewPCG(1, 2))
	const lon, lat = 0.00032, 0.00032
	for i := range out {
		x, y := 115.5+lon*float64(i%250), 31.5+lat*float64(i/250)
		size := 0.9
		if i%16 == 0 {
			size = 0.4
		}
		out[i] = store.LandParcel{ParcelID: fmt.Sprintf("34152310%011d", rnd.Int64N(1e11)), PlotID: fmt.Sprintf("P%012x", i/8*2654435761), AreaM2: 1300 * size * size, Crop: []string{"maize", "paddy_rice", "cotton"}[i/8%3],
			Grade: p(int32(i / 8 % 5)), Yield: p(float32(400 + i/8%1000)), Outcome: "admit", Risk: []string{"", "warn", "refer"}[i%40/16],
			Geometry: orb.MultiPolygon{{{{x, y}, {x + size*lon, y}, {x + size*lon, y + size*lat}, {x, y + size*lat}, {x, y}}}}}
	}
	return out
}

// A crowded tile joins the parcels of a plot, and leaves the smallest out where
// that is not enough; a tile with room shows each.
func TestNoTileIsTooLarge(t *testing.T) {
	l := newLand(t, dense(100_000)...)
	at := func(z int32) Address {
		b := l.boxes[0]
		return Address{z, b.west >> (gridBits - z), b.north >> (gridBits - z)}
	}
	if got := read(t, l, at(16), Everything); len(got) == 0 || got[0].Properties["parcel_id"] == nil || len(got) > 600 {
		t.Errorf("zoom 16: %d features", len(got))
	}
	joined := 0
	for _, f := range read(t, l, at(10), Everything) {
		if f.Properties["plot_id"] == nil || f.Properties["crop"] == nil {
			t.Fatal(f.Properties)
		}
		if f.Properties["parcel_id"] == nil {
			joined++
			if n := len(f.Geometry.(orb.MultiPolygon)); n < 2 || n > 8 {
				t.Fatalf("%d parcels in one feature", n)
			}
		}
	}
	if joined < 4000 {
		t.Errorf("%d joined features", joined)
	}
	var all []feature
	for i, a := range []float64{5, 1, 9, 3} {
		all = append(all, feature{parcels: []int32{int32(i)}, area: a})
	}
	if got := largest(all, 2); fmt.Sprint(got) != "[{[0] 5 false} {[2] 9 false}]" {
		t.Error(got)
	}
}

// Where a view is so far that not even every plot fits, all land is still there,
// joined by what it looks like; a clerk's tile does not tell outcomes apart.
func TestFarViewsLeaveNoLandOut(t *testing.T) {
	all := dense(100_000)
	for i := range all {
		all[i].PlotID, all[i].Outcome = fmt.Sprintf("P%012x", i), []string{"admit", "refer"}[i%2]
	}
	l := newLand(t, all...)
	at := Address{8, l.boxes[0].west >> (gridBits - 8), l.boxes[0].north >> (gridBits - 8)}
	for view, outcomes := range map[View]int{Everything: 2, NoOutcome: 1} {
		parcels, looks, ids := 0, map[string]bool{}, map[any]bool{}
		for _, f := range read(t, l, at, view) {
			if f.Properties["plot_id"] != nil || f.Properties["parcel_id"] != nil || f.Properties["area_mu"] != nil || math.Mod(f.Properties["yield"].(float64), 50) != 0 {
				t.Fatal(f.Properties)
			}
			if looks[fmt.Sprint(f.Properties)] {
				t.Errorf("two features look like %v", f.Properties)
			}
			looks[fmt.Sprint(f.Properties)] = true
			if ids[f.ID] || f.ID.(float64) <= 100_000 {
				t.Errorf("a feature of many parcels has the ID %v", f.ID)
			}
			ids[f.ID] = true
			if g, ok := f.Geometry.(orb.MultiPolygon); ok {
				parcels += len(g)
			} else {
				parcels++
			}
		}
		// Every sixteenth parcel is 0.4 × 0.00032° wide, a third of the tile's grid of 0.00034°: it has no size there.
		// The others are 0.9 × 0.00032°: 0.84 of a step, so that most, not all, have size.
		if least := 60_000; parcels < least {
			t.Errorf("view %d: %d of 100000 parcels, at least %d wanted", view, parcels, least)
		}
		// Crop and grade repeat after 15 plots, yields are 400–1399: 21 or so steps of 50.
		if most := outcomes * 3 * 5 * 3 * 21; len(looks) > most || len(looks) < 15*outcomes {
			t.Errorf("view %d: %d looks, at most %d wanted", view, len(looks), most)
		}
	}
}

func TestAddresses(t *testing.T) {
	for a, want := range map[Address]bool{{8, 0, 0}: true, {8, 255, 255}: true, {8, 256, 0}: false, {8, 0, 256}: false, {7, 0, 0}: false, {16, 65535, 65535}: true, {17, 0, 0}: false, {10, -1, 0}: false} {
		if a.Valid() != want {
			t.Errorf("%v: %v", a, a.Valid())
		}
		if _, err := newLand(t).Tile(a, Everything); (err == nil) != want {
			t.Errorf("%v: %v", a, err)
		}
	}
	if _, err := NewLand([]store.LandParcel{{ParcelID: "a", Geometry: orb.MultiPolygon{{{{0, 89}, {1, 89}, {1, 88}, {0, 89}}}}}}); err == nil {
		t.Error("land beyond the map is taken")
	}
}

// BenchmarkTile makes tiles of 100,000 parcels, none of them kept before.
func BenchmarkTile(b *testing.B) {
	l := newLand(b, dense(100_000)...)
	for z := int32(10); z <= 16; z++ {
		at := Address{z, l.boxes[50_125].west >> (gridBits - z), l.boxes[50_125].north >> (gridBits - z)}
		b.Run(fmt.Sprint("z", z), func(b *testing.B) {
			n := 0
			for range b.N {
				body, err := l.Tile(at, Everything)
				if err != nil {
					b.Fatal(err)
				}
				n = len(body)
			}
			b.ReportMetric(float64(n)/1000, "kB")
		})
	}
}
