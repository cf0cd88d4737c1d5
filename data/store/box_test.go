package store_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Of 20,000 parcels more, those in a box are found by the index: the database
// touches few pages, although row-level security keeps PostGIS's operators from it.
// The answer is that of looking at each; nobody gets another county's.
func TestParcelsInABox(t *testing.T) {
	s, url := newStore(t)
	of := int32(publish(t, s, storetest.Run(t, "341523", 3)).Run)
	run(t, url, `INSERT INTO parus.parcel (run, county, parcel_id, plot_id, grower_id, area_m2, geom) SELECT run, county, 'x' || lpad(n::text, 18, '0'), 'p' || n, NULL, 8000,
		ST_Multi(ST_MakeEnvelope(116 + n % 200 * 0.001, 32 + n / 200 * 0.001, 116.0009 + n % 200 * 0.001, 32.0009 + n / 200 * 0.001, 4326)) FROM parus.parcel, generate_series(0, 19999) n WHERE parcel_id LIKE '%000'`)
	run(t, url, "ANALYZE parus.parcel")
	ctx := context.Background()
	box := &[4]float64{116.05, 32.05, 116.0525, 32.0515} // columns 50–52, rows 50 and 51
	// Codes of row 50 are 200 × 50 + 50 … 52, of row 51 200 more.
	want := []string{"x000000000000010050", "x000000000000010051", "x000000000000010052", "x000000000000010250", "x000000000000010251", "x000000000000010252"}
	var got []string
	for after := ""; ; after = got[len(got)-1] {
		found, err := s.Parcels(ctx, clerk, of, store.ParcelQuery{Box: box}, store.Page{Limit: 4, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			got = append(got, p.ParcelID)
		}
		if len(found) < 4 {
			break
		}
	}
	if a, b := jsonOf(t, got), jsonOf(t, want); a != b {
		t.Errorf("%s, want %s", a, b)
	}
	for _, a := range []store.Asker{{ID: "x", Role: "clerk", Counties: []string{"411622"}}, {ID: "x", Role: "partner", Counties: []string{"341523"}}, {}} {
		if found, err := s.Parcels(ctx, a, of, store.ParcelQuery{Box: box}, store.Page{Limit: 4}); err != nil || len(found) != 0 {
			t.Errorf("%+v sees %v, %v", a, found, err)
		}
	}
	// How many pages are touched: looking at each parcel takes all of the table's.
	touched := func(condition string) int {
		var plan []struct {
			Plan struct {
				Hit  int `json:"Shared Hit Blocks"`
				Read int `json:"Shared Read Blocks"`
			}
		}
		text := ask(t, s, clerk, "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT parcel_id FROM parus.parcel WHERE run = 1 AND "+condition)
		if err := json.Unmarshal([]byte(text), &plan); err != nil {
			t.Fatal(text, err)
		}
		return plan[0].Plan.Hit + plan[0].Plan.Read
	}
	each, index := touched("geom && ST_MakeEnvelope(116.05, 32.05, 116.0525, 32.0515, 4326)"), touched("parcel_id = ANY (ARRAY(SELECT * FROM parus.parcels_in(1, 116.05, 32.05, 116.0525, 32.0515)))")
	t.Logf("%d pages by looking at each, %d by the index", each, index)
	if index*4 > each {
		t.Errorf("%d pages by looking at each, %d by the index", each, index)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
