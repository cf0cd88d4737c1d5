package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Claims are kept in the asker's own name and county, with an entry of the audit
// log, by those who meet growers; nobody changes one; clerks see no decision.
func TestClaimsAreKeptApart(t *testing.T) {
	s, _ := newStore(t)
	publish(t, s, storetest.Run(t, "341523", 3))
	publish(t, s, storetest.Run(t, "411622", 3))
	ctx := context.Background()
	run, err := s.Run(ctx, clerk, "341523", 0)
	if err != nil {
		t.Fatal(err)
	}
	box := orb.MultiPolygon{{{{115, 31}, {115.0009, 31}, {115.0009, 31.0009}, {115, 31}}}}
	claim := store.Claim{County: "341523", ClaimID: "Q1", Run: run.ID, GrowerID: "g341523-0", Season: "2024", Method: "walked", SourceCRS: "GCJ-02", Taken: "2024-07-01", AreaM2: 4288.5,
		Says: json.RawMessage(`{"a":  1}`), Decision: json.RawMessage(`{"outcome":"admit"}`)}
	officer, auditor := store.Asker{ID: "li", Role: "officer", Counties: clerk.Counties}, store.Asker{ID: "zhou", Role: "auditor", Counties: clerk.Counties}
	kept, err := s.KeepClaim(ctx, officer, "k", claim, box)
	if err != nil || kept.DrawnBy != "li" || string(kept.Says) != `{"a":  1}` || kept.AreaMu != 4288.5*3/2000 || len(kept.Geometry) == 0 {
		t.Fatalf("%+v %v", kept, err)
	}
	if again, err := s.KeepClaim(ctx, store.Asker{ID: "wu", Role: "officer", Counties: clerk.Counties}, "", claim, box); err != nil || again.DrawnBy != "li" {
		t.Errorf("%+v %v", again, err)
	}
	other := claim
	other.ClaimID = "Q2"
	if _, err := s.KeepClaim(ctx, officer, "k", other, box); !errors.Is(err, store.ErrKey) {
		t.Error(err)
	}
	if n := ask(t, s, auditor, "SELECT count(*)::text || min(subject) || min(detail::json->>'grower_id') FROM parus.audit WHERE act = 'claim'"); n != "1Q1g341523-0" {
		t.Error(n)
	}
	for role, sees := range map[string]bool{"clerk": true, "officer": true, "approver": true, "risk_manager": true, "auditor": true, "partner": false, "model_owner": false} {
		a := store.Asker{ID: "x", Role: role, Counties: clerk.Counties}
		got, err := s.Claim(ctx, a, "341523", "Q1")
		if sees != (err == nil) || (got.Decision != nil) != (sees && role != "clerk") {
			t.Errorf("%s: %+v %v", role, got, err)
		}
	}
	if _, err := s.Claim(ctx, store.Asker{ID: "li", Role: "officer", Counties: []string{"411622"}}, "341523", "Q1"); !errors.Is(err, store.ErrNone) {
		t.Error(err)
	}
	columns := "INSERT INTO parus.claim (county, claim_id, run, grower_id, season, crop, method, source_crs, taken, area_m2, geom, says) SELECT "
	for _, c := range []struct {
		a      store.Asker
		attack string
	}{
		{officer, columns + "'411622', 'Q9', 2, 'g', '2024', '', 'drawn', 'EPSG:4326', now(), 1, geom, '{}' FROM parus.claim"}, // another county
		{officer, columns + "'341523', 'Q9', 2, 'g', '2024', '', 'drawn', 'EPSG:4326', now(), 1, geom, '{}' FROM parus.claim"}, // another county's run
		{auditor, columns + "'341523', 'Q9', 1, 'g', '2024', '', 'drawn', 'EPSG:4326', now(), 1, geom, '{}' FROM parus.claim"},
		{officer, "INSERT INTO parus.claim (county, claim_id, asker) VALUES ('341523', 'Q9', 'chen')"},
		{officer, "UPDATE parus.claim SET area_m2 = 1"}, {officer, "DELETE FROM parus.claim"}, {officer, "UPDATE parus.claim_decision SET decision = '{}'"},
		{clerk, "INSERT INTO parus.claim_decision (county, claim_id, decision) VALUES ('341523', 'Q1', '{}')"},
		{store.Asker{ID: "wu", Role: "officer", Counties: clerk.Counties}, "INSERT INTO parus.claim_decision (county, claim_id, decision) VALUES ('341523', 'Q1', '{}')"},
	} {
		if err := s.As(ctx, c.a, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, c.attack); return err }); err == nil {
			t.Errorf("%s: %s: not refused", c.a.Role, c.attack)
		}
	}
	land, err := s.LandIn(ctx, officer, run.ID, box.Bound(), 10)
	if err != nil || len(land) != 1 || land["3415230000000000000"][0][0][0] != (orb.Point{115, 31}) {
		t.Errorf("%v %v", land, err)
	}
	near, err := s.ClaimsIn(ctx, officer, "341523", "2024", box.Bound(), "Q9", 10)
	if err != nil || len(near) != 1 || near[0].GrowerID != "g341523-0" || near[0].AreaM2 != 4288.5 {
		t.Errorf("%v %v", near, err)
	}
	if near, err = s.ClaimsIn(ctx, officer, "341523", "2024", orb.Bound{Min: orb.Point{116, 31}, Max: orb.Point{116.1, 31}}, "", 10); err != nil || len(near) != 0 {
		t.Errorf("%v %v", near, err)
	}
	for role, want := range map[string]string{"clerk": "1 1", "auditor": "1 1", "partner": "0 0", "model_owner": "0 0"} { // the functions by the index show no more
		a := store.Asker{ID: "x", Role: role, Counties: clerk.Counties}
		query := "SELECT (SELECT count(*) FROM parus.parcels_in($1, 115, 31, 115.0005, 31.0005)) || ' ' || (SELECT count(*) FROM parus.claims_in('341523', '2024', 115, 31, 116, 32))"
		if got := ask(t, s, a, query, run.ID); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
		a.Counties = []string{"411622"}
		if got := ask(t, s, a, query, run.ID); got != "0 0" {
			t.Errorf("%s of another county: %s", role, got)
		}
	}
}
