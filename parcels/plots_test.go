package parcels_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// box is a parcel of w × h metres at (x, y) in EPSG:32650, turned by angle.
func box(t testing.TB, id string, x, y, w, h, angle float64) parcels.Parcel {
	t.Helper()
	s, c := math.Sincos(angle)
	at := func(u, v float64) orb.Point { return orb.Point{400000 + c*u - s*v, 3500000 + s*u + c*v} }
	src := orb.MultiPolygon{{{at(x, y), at(x+w, y), at(x+w, y+h), at(x, y+h), at(x, y)}}}
	lonlat, err := parcels.Unproject(src, 32650)
	if err != nil {
		t.Fatal(err)
	}
	return parcels.Parcel{County: "341523", ID: id, Polygon: lonlat, Source: src, SourceEPSG: 32650, AreaM2: parcels.AreaM2(lonlat)}
}

func farmedBy(grower string, ids ...string) map[string]parcels.Farmer {
	out := map[string]parcels.Farmer{}
	for _, id := range ids {
		out[id] = parcels.Farmer{ParcelID: id, GrowerID: grower}
	}
	return out
}

func groups(plots []parcels.Plot) string {
	var out []string
	for _, p := range plots {
		out = append(out, strings.Join(p.ParcelIDs, "+"))
	}
	// plots are sorted by ID, which is a hash: sort by content for reading
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if out[j] < out[i] {
				out[i], out[j] = out[j], out[i]
			}
		}
	}
	return strings.Join(out, " ")
}

func TestWhatIsAdjacent(t *testing.T) {
	for _, c := range []struct {
		name string
		b    parcels.Parcel
		want string
	}{
		{"shared border", box(t, "b", 40, 0, 40, 40, 0), "a+b"},
		{"field edge of 0.9 m", box(t, "b", 40.9, 0, 40, 40, 0), "a+b"},
		{"path of 1.1 m", box(t, "b", 41.1, 0, 40, 40, 0), "a b"},
		{"corner", box(t, "b", 40, 40, 40, 40, 0), "a b"},
		{"2 m of border", box(t, "b", 40, 38, 40, 40, 0), "a b"}, // with 1 m past each end 4 m < 5 m
		{"4 m of border", box(t, "b", 40, 36, 40, 40, 0), "a+b"}, // 6 m
		{"overlap of 1 m", box(t, "b", 39, 0, 40, 40, 0), "a+b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plots, notes := parcels.GroupPlots([]parcels.Parcel{box(t, "a", 0, 0, 40, 40, 0), c.b}, farmedBy("g", "a", "b"), parcels.PlotOptions{})
			if got := groups(plots); got != c.want || len(notes) > 0 {
				t.Errorf("plots %q %v, want %q", got, notes, c.want)
			}
		})
	}
}

func TestPlotsKeepGrowersKeysAndZonesApart(t *testing.T) {
	ps := []parcels.Parcel{box(t, "a", 0, 0, 40, 40, 0.3), box(t, "b", 40, 0, 40, 40, 0.3), box(t, "c", 80, 0, 40, 40, 0.3), box(t, "d", 120, 0, 40, 40, 0.3), box(t, "e", 160, 0, 40, 40, 0.3)}
	farmers := farmedBy("g", "a", "b", "c")
	farmers["d"] = parcels.Farmer{ParcelID: "d", GrowerID: "h"}
	farmers["e"] = parcels.Farmer{ParcelID: "e"}
	plots, _ := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{})
	if got := groups(plots); got != "a+b+c d" {
		t.Errorf("plots %q", got)
	}
	key := func(id string) string { return map[string]string{"a": "rice", "b": "rice"}[id] }
	plots, _ = parcels.GroupPlots(ps, farmers, parcels.PlotOptions{Key: key})
	if got := groups(plots); got != "a+b c d" {
		t.Errorf("with keys: plots %q", got)
	}
	zone := func(p parcels.Parcel) int {
		if p.ID == "a" {
			return 32649
		}
		return 32650
	}
	plots, _ = parcels.GroupPlots(ps, farmers, parcels.PlotOptions{EPSG: zone})
	if got := groups(plots); got != "a b+c d" {
		t.Errorf("two zones: plots %q", got)
	}
}

// Sum of areas is kept, the union has the parts' area and one outline where
// parts touch, the point lies inside, and order changes nothing.
func TestPlotsKeepTheLand(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var ps []parcels.Parcel
	farmers := map[string]parcels.Farmer{}
	for i := range 20 {
		for j := range 20 {
			id := fmt.Sprintf("p%02d%02d", i, j)
			ps = append(ps, box(t, id, float64(i)*30, float64(j)*12, 30, 12, 0.4))
			farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: fmt.Sprintf("g%d", r.IntN(5))}
		}
	}
	plots, notes := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{})
	if len(notes) > 0 {
		t.Errorf("notes %v", notes)
	}
	var land, plot, flat float64
	n := 0
	for _, p := range ps {
		land += p.AreaM2
	}
	for _, p := range plots {
		plot += p.AreaM2
		flat += planar.Area(p.Polygon)
		n += len(p.ParcelIDs)
		if !planar.MultiPolygonContains(p.Polygon, p.Point) {
			t.Errorf("plot %s: point outside", p.ID)
		}
		if len(p.Polygon) != 1 {
			t.Errorf("plot %s of %v has %d parts", p.ID, p.ParcelIDs, len(p.Polygon))
		}
	}
	if n != len(ps) || math.Abs(land-plot) > 1e-6 || math.Abs(flat-400*360) > 1e-3 {
		t.Errorf("%d parcels in plots, %.6f of %.6f m², flat %.6f", n, plot, land, flat)
	}
	r.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
	again, _ := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{})
	if !reflect.DeepEqual(plots, again) {
		t.Error("order of parcels changed the plots")
	}
}

func TestParcelInItsOwnZoneDoesNotMove(t *testing.T) {
	p := box(t, "a", 0, 0, 40, 40, 0.7)
	plots, _ := parcels.GroupPlots([]parcels.Parcel{p}, farmedBy("g", "a"), parcels.PlotOptions{})
	if !orb.Equal(plots[0].Polygon, p.Source) || plots[0].EPSG != 32650 {
		t.Errorf("%v", plots[0].Polygon)
	}
	if len(plots[0].ID) != 13 || plots[0].ID[0] != 'P' {
		t.Errorf("plot ID %q", plots[0].ID)
	}
}

// Real size: a county of 100,000 parcels, two in three joined.
func TestHundredThousandParcels(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	r := rand.New(rand.NewPCG(7, 8))
	var ps []parcels.Parcel
	farmers := map[string]parcels.Farmer{}
	for i := range 250 {
		for j := range 400 {
			id := fmt.Sprintf("p%03d%03d", i, j)
			ps = append(ps, box(t, id, float64(i)*45, float64(j)*28, 45, 28, 0.4))
			farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: fmt.Sprintf("g%d-%d-%d", i/10, j/10, r.IntN(4))}
		}
	}
	start := time.Now()
	plots, _ := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{})
	grouped := time.Since(start)
	start = time.Now()
	over := parcels.Overlaps(ps, 0.01)
	t.Logf("%d plots in %v, %d overlaps in %v", len(plots), grouped.Round(time.Millisecond), len(over), time.Since(start).Round(time.Millisecond))
	if len(over) != 0 {
		t.Errorf("%d overlaps of land that only touches: %+v", len(over), over[0])
	}
	if grouped > time.Minute {
		t.Errorf("plots took %v", grouped)
	}
}
