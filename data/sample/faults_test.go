package sample

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// TestRecordsFaultsAreFound reads a county back through the feeds and runs the
// cross-checks without any imagery: exactly the planted faults in records come
// out, at planting (nothing is known of the summer yet), mid-season and after.
func TestRecordsFaultsAreFound(t *testing.T) {
	for _, x := range []struct {
		seed int64
		n    int
	}{{1, 200}, {2, 200}, {3, 200}, {4, 120}, {5, 1500}} {
		t.Run(fmt.Sprintf("seed %d, %d parcels", x.seed, x.n), func(t *testing.T) {
			dir := makeCounty(t, CountyOptions{Seed: x.seed, Parcels: x.n, Scenes: 1})
			want := map[string]bool{}
			for _, r := range table(t, filepath.Join(dir, "expected.csv")) {
				if r["seen_by"] == "records" {
					want[r["grower_id"]+" "+r["parcel_id"]+" "+r["code"]] = true
				}
			}
			got := map[string]string{}
			for _, f := range scoring.CrossCheck(evidence(t, dir, on(Year, 12, 28)), policy(t)) {
				got[f.GrowerID+" "+f.ParcelID+" "+f.Code] = f.Detail
			}
			for k := range want {
				if _, ok := got[k]; !ok {
					t.Errorf("planted but not found: %s", k)
				}
			}
			for _, k := range sorted(got) {
				if !want[k] {
					t.Errorf("found but not planted: %s: %s", k, got[k])
				}
			}
		})
	}
}

func sorted(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func policy(t *testing.T) *scoring.CreditPolicy {
	t.Helper()
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return cp
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// evidence is what a season would have before it looks at imagery.
func evidence(t *testing.T, dir string, asOf parcels.Date) *scoring.CountyEvidence {
	t.Helper()
	ctx := context.Background()
	ps, rejects, notes, err := vector.Read(ctx, filepath.Join(dir, "parcels.gpkg"), vector.Options{County: countyCode})
	if err != nil || len(rejects) > 0 {
		t.Fatalf("parcels.gpkg: %v, rejects %v", err, rejects)
	}
	for _, n := range notes {
		if n.Code != "datum_assumed" { // CGCS2000 stands for WGS 84, as on any county's file
			t.Errorf("parcels.gpkg: %+v", n)
		}
	}
	key, err := identity.LoadKey(filepath.Join(dir, "identity.key"))
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{}
	for _, l := range feeds.Layouts {
		if p := filepath.Join(dir, l.Feed+".csv"); exists(p) {
			paths[l.Feed] = p
		}
	}
	if len(paths) != 18 {
		t.Fatalf("%d feeds: the county has eighteen", len(paths))
	}
	loaded, err := feeds.Load(ctx, paths, feeds.Options{Key: key, County: countyCode, AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range loaded.Rejects {
		t.Errorf("rejected: %+v", r)
	}
	for _, n := range loaded.Notes {
		if n.Code == "gcj02_undone" { // some claims were drawn on a Chinese base map
			continue
		}
		t.Errorf("note: %+v", n)
	}
	ev := &scoring.CountyEvidence{County: countyCode, SeasonID: fmt.Sprint(Year), SeasonFrom: on(Year, 1, 1), SeasonTo: on(Year, 12, 31), AsOf: asOf,
		Parcels: map[string]parcels.Parcel{}, Records: loaded.Records}
	var ids []string
	for _, p := range ps {
		ids = append(ids, p.ID)
		ev.Parcels[p.ID] = p
	}
	ev.Farmers = parcels.Farmers(ids, loaded.Records.Contracts, loaded.Records.Transfers, asOf, asOf)
	ev.MeasureClaims()
	ev.MeasureHomes(loaded.Villages)
	for _, o := range parcels.Overlaps(ps, .01) {
		ev.Overlaps = append(ev.Overlaps, scoring.Overlap{A: o.A, B: o.B, Area: scoring.AreaOfM2(o.AreaM2)})
	}
	return ev
}
