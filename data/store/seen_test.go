package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
	"github.com/parus-lending/parus/raster"
)

func lookAt(id, day string, clear float64, bands ...raster.Band) rundir.SeenScene {
	taken, _ := time.Parse(time.DateOnly, day)
	s := rundir.SeenScene{Clear: clear, Scene: raster.Scene{ID: id, Time: taken.Add(3 * time.Hour), EPSG: 32650, Assets: map[raster.Band]raster.Asset{}, Settled: raster.Offset{DN0: -1000, Reason: "baseline"}}}
	for _, b := range bands {
		s.Scene.Assets[b] = raster.Asset{Href: "/scenes/" + id + "/" + string(b) + ".tif"}
	}
	return s
}

func text(t *testing.T, v any, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A run published before it told its scenes gets them when it is published
// again; scenes that have moved are found where they lie now.
func TestSeen(t *testing.T) {
	ctx := context.Background()
	s, _ := newStore(t)
	dir := storetest.Run(t, "341523", 9)
	run := int32(publish(t, s, dir).Run)
	storetest.Seen(t, dir, "341523", lookAt("A", "2024-07-01", 0.5, "B02", "B03"), lookAt("B", "2024-07-01", 0.25, "B02"), lookAt("C", "2024-07-11", 1, "B02"))
	if again := publish(t, s, dir); !again.Already {
		t.Errorf("%+v", again)
	}
	days, err := s.SceneDays(ctx, clerk, run)
	if got := text(t, days, err); got != `[{"date":"2024-07-01","clear":0.75,"scenes":["A","B"]},{"date":"2024-07-11","clear":1,"scenes":["C"]}]` || fmt.Sprint(days[0].Bands) != "[B02]" {
		t.Error(got, days[0].Bands)
	}
	look, err := s.ScenesOf(ctx, clerk, run, "2024-07-01")
	if err != nil || look.AsOf != "2024-07-15" || len(look.Scenes) != 2 || look.Scenes[0].ID != "A" || look.Scenes[0].Settled.DN0 != -1000 || look.Scenes[0].Assets["B03"].Href != "/scenes/A/B03.tif" {
		t.Errorf("%+v %v", look, err)
	}
	w, err := s.Witnesses(ctx, clerk, run, "P341523000000")
	if got, want := text(t, w, err), `{"plot_id":"P341523000000","run":1,"areas":[{"grower_id":"g341523-0","parcels":1,"contract_mu":13,"counts_mu":13,"counted_by":["contract"]},`+
		`{"grower_id":"g341523-0","plot_id":"P341523000000","parcels":1,"contract_mu":13,"surveyed_mu":13.5,"seen_low_mu":12,"seen_high_mu":14,"counts_mu":13,"counted_by":["contract","transfer"]}],`+
		`"agreements":[{"plot_id":"P341523000000","subject":"crop","self":"maize","government":"","partner":"","satellite":"maize","agree":["self-satellite"],"differ":[]},`+
		`{"plot_id":"P341523000000","subject":"area","self":"20.00 mu","government":"13.00 mu","partner":"","satellite":"","agree":[],"differ":["self-government"]}],`+
		`"tenure":[{"parcel_id":"3415230000000000000","from":"2024-01-01","to":"2024-03-31","owner_id":"owner","leased":false,"chain":[]},`+
		`{"parcel_id":"3415230000000000000","from":"2024-04-01","to":"2024-12-31","grower_id":"g341523-0","owner_id":"owner","leased":true,"chain":["c1","t1"]}]}`; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	storetest.Seen(t, dir, "341523", lookAt("C", "2024-07-11", 1, "B04"))
	publish(t, s, dir)
	if look, err := s.ScenesOf(ctx, clerk, run, "2024-07-11"); err != nil || len(look.Scenes) != 1 || look.Scenes[0].Assets["B04"].Href != "/scenes/C/B04.tif" {
		t.Errorf("%+v %v", look, err)
	}
	storetest.Seen(t, dir, "341523", lookAt("late", "2024-07-16", 1, "B04"))
	if _, err := s.Publish(ctx, dir); err == nil || !strings.Contains(err.Error(), "after the as-of day 2024-07-15") {
		t.Error(err)
	}
}

// Parcels of 0.0009° stand at steps of 0.001°: at 31° N 9.5 m lie between
// neighbours in a row, 105 m between others. Plot 1 is between plots 0 and 2; all are maize, grade 4.
func TestNeighbours(t *testing.T) {
	ctx := context.Background()
	s, _ := newStore(t)
	dir := storetest.Run(t, "341523", 9)
	cycles, err := rundir.ReadCycles(dir)
	if err != nil {
		t.Fatal(err)
	}
	kg := func(v float64) *float64 { return &v }
	cycles[0].YieldP50, cycles[1].YieldP50, cycles[2].YieldP50, cycles[4].YieldP50 = kg(500), kg(450), kg(540), kg(600)
	cycles[4].Crop = "rice"
	if err := rundir.WriteParquet(filepath.Join(dir, rundir.CyclesFile), cycles); err != nil {
		t.Fatal(err)
	}
	run := int32(publish(t, s, dir).Run)
	n, err := s.Neighbours(ctx, clerk, run, "P341523000001")
	// 8,700.25 m² × 3 / 2000 = 13.050375 mu; the median of 500 and 540 is 520.
	if got, want := text(t, n, err), `{"plot_id":"P341523000001","run":1,"items":[{"plot_id":"P341523000000","area_mu":13.050375,"crop":"maize","growth_grade":4,"yield_p50_kg_mu":500},`+
		`{"plot_id":"P341523000002","area_mu":13.050375,"crop":"maize","growth_grade":4,"yield_p50_kg_mu":540}],"same_crop":2,"median_growth_grade":4,"median_yield_kg_mu":520}`; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	// Plot 3 has maize at 2 and rice at 4: one of the same crop.
	if n, err := s.Neighbours(ctx, clerk, run, "P341523000003"); err != nil || len(n.Items) != 2 || n.Same != 1 || *n.Yield != 540 {
		t.Errorf("%+v %v", n, err)
	}
}

// An earlier run knows the same land by parcel and, where its parcels have other
// numbers, by overlap; a later one is not the past.
func TestPast(t *testing.T) {
	ctx := context.Background()
	s, _ := newStore(t)
	asOf := func(dir, day, season string) string {
		info, err := rundir.ReadInfo(dir)
		if err != nil {
			t.Fatal(err)
		}
		info.AsOf, info.Season = day, season
		if err := rundir.WriteInfo(dir, info); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	earlier := int32(publish(t, s, asOf(storetest.Run(t, "341523", 9), "2023-12-01", "2023")).Run)
	// Another registry: half of the first parcel, under another number and plot.
	cut := asOf(storetest.Run(t, "341523", 1), "2022-12-01", "2022")
	shapes, err := rundir.ReadShapes(cut)
	if err != nil {
		t.Fatal(err)
	}
	shapes[0].ParcelID, shapes[0].PlotID = "old", "Pold"
	for i, p := range shapes[0].Polygon[0][0] {
		if p[0] > 115.0005 {
			shapes[0].Polygon[0][0][i][0] = 115.00045
		}
	}
	plots, _ := rundir.ReadPlots(cut)
	plots[0].ParcelID, plots[0].PlotID = "old", "Pold"
	cycles, _ := rundir.ReadCycles(cut)
	cycles[0].ParcelID, cycles[0].Crop = "Pold", "rice"
	for _, err := range []error{rundir.WriteShapes(cut, shapes), rundir.WriteParquet(filepath.Join(cut, rundir.PlotsFile), plots), rundir.WriteParquet(filepath.Join(cut, rundir.CyclesFile), cycles)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	older := int32(publish(t, s, cut).Run)
	dir := storetest.Run(t, "341523", 9)
	storetest.Seen(t, dir, "341523")
	run := int32(publish(t, s, dir).Run)
	publish(t, s, asOf(storetest.Run(t, "341523", 9), "2024-12-01", "2024"))
	past, err := s.Past(ctx, clerk, run, "P341523000000", true)
	if got, want := text(t, past, err), fmt.Sprintf(`[{"season":"2023","run":%d,"as_of":"2023-12-01","plot_id":"P341523000000","share":1,"crops":["maize"],"yields_kg_mu":[null],"growth_grade":4,"outcome":"admit","limit_fen":680000},`+
		`{"season":"2023","share":0.75,"crops":["winter_wheat","maize"],"yields_kg_mu":[420,610.5]},`+
		`{"season":"2022","run":%d,"as_of":"2022-12-01","plot_id":"Pold","share":0.5,"crops":["rice"],"yields_kg_mu":[null],"growth_grade":4,"outcome":"admit","limit_fen":680000}]`, earlier, older); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if past, err := s.Past(ctx, clerk, run, "P341523000000", false); err != nil || strings.Contains(text(t, past, nil), "outcome") {
		t.Errorf("%+v %v", past, err)
	}
}

// The tables show what they hold to readers of land in their own counties, and
// nothing to owners of models, partners, and those who are not named.
func TestSeenIsKeptApart(t *testing.T) {
	ctx := context.Background()
	s, _ := newStore(t)
	for _, county := range []string{"341523", "411622"} {
		dir := storetest.Run(t, county, 3)
		storetest.Seen(t, dir, county, lookAt("A", "2024-07-01", 0.5, "B02"))
		publish(t, s, dir)
	}
	for _, c := range []struct{ role, county, want string }{
		{"clerk", "341523", "1 2 2 2 1"}, {"officer", "411622", "1 2 2 2 1"}, {"auditor", "341523", "1 2 2 2 1"},
		{"model_owner", "341523", "0 0 0 0 0"}, {"partner", "341523", "0 0 0 0 0"}, {"officer", "999999", "0 0 0 0 0"}, {"officer", "", "0 0 0 0 0"}, {"", "341523", "0 0 0 0 0"},
	} {
		a := store.Asker{ID: "li", Role: c.role, Counties: []string{c.county}}
		var got []string
		for _, table := range []string{"scene", "area", "agreement", "tenure", "past"} {
			got = append(got, ask(t, s, a, "SELECT count(*)::text FROM parus."+table))
			err := s.As(ctx, a, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "DELETE FROM parus."+table); return err })
			if err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("%s deletes from %s: %v", c.role, table, err)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s of %s: %v, want %s", c.role, c.county, got, c.want)
		}
	}
	// The function that finds parcels by the index shows them to the same askers.
	near := "SELECT count(*)::text FROM parus.parcels_near(%d, %d, 'P341523000000', 0.001)"
	for _, c := range []struct{ role, county, want string }{{"clerk", "341523", "2"}, {"auditor", "341523", "2"}, {"officer", "411622", "0"}, {"partner", "341523", "0"}, {"model_owner", "341523", "0"}, {"", "", "0"}} {
		a := store.Asker{ID: "li", Role: c.role, Counties: []string{c.county}}
		for run := 1; run <= 2; run++ {
			want := c.want
			if run == 2 { // 411622's: the same ground, another county
				want = "0"
			}
			if got := ask(t, s, a, fmt.Sprintf(near, run, 1)); got != want {
				t.Errorf("%s of %s: %s parcels of run %d, want %s", c.role, c.county, got, run, want)
			}
		}
	}
	// An unreadable list of scenes leaves the database as it was.
	dir := storetest.Run(t, "341523", 4)
	if err := os.WriteFile(filepath.Join(dir, rundir.ScenesFile), []byte("["), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(ctx, dir); err == nil || !strings.Contains(err.Error(), "scenes.json") {
		t.Error(err)
	}
	if n := ask(t, s, clerk, "SELECT count(*)::text FROM parus.run"); n != "1" {
		t.Error(n)
	}
}
