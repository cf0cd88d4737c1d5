package season

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/season/zonal"
)

// TestObserveOverTwoZones takes the same land through `parus observe`, which
// knows no plots: every polygon once per day, in the zone that holds it.
func TestObserveOverTwoZones(t *testing.T) {
	c := newZonesCounty(t)
	out := filepath.Join(t.TempDir(), "o.parquet")
	sum, err := zonal.Run(context.Background(), zonal.Options{Scenes: filepath.Join(c.dir, "scenes", "catalog.json"), Parcels: filepath.Join(c.dir, "parcels.geojson"),
		Out: out, Collections: []string{"sentinel-2-l2a"}, IDField: "id", Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := rundir.ReadParquet[rundir.Observation](out)
	if err != nil {
		t.Fatal(err)
	}
	// On the first day every tile has a scene, so each polygon is seen in its home.
	home := map[string]*zoneTile{}
	for _, r := range rows {
		if r.Time.UTC().Format("2006-01-02") == zoneDays[0].day {
			home[r.ParcelID] = &c.tiles[slices.IndexFunc(c.tiles, func(z zoneTile) bool { return z.name == strings.Split(r.SceneID, "_")[1] })]
		}
	}
	places := map[string]zonePlace{}
	for _, f := range c.land {
		p := zonePlace{poly: f.poly, home: home[f.id]}
		if places[f.id] = p; p.home == nil {
			t.Fatalf("%s is lost", f.id)
		}
		if b := f.poly.Bound(); b.Max[0] < 120 && p.home.grid.EPSG != 32650 || b.Min[0] > 120 && p.home.grid.EPSG != 32651 {
			t.Errorf("%s (%v) is at home in %s", f.id, b, p.home.name)
		}
	}
	for id, days := range c.check(t, rows, places) {
		for i, got := range days {
			if want := c.serving(t, places[id], zoneDays[i].day); !slices.Equal(got, want) {
				t.Errorf("%s, home %s, on %s: observed in %v, want %v", id, places[id].home.name, zoneDays[i].day, got, want)
			}
		}
	}
	if sum.Polygons != len(c.land) || sum.NoScene != 0 || sum.LeftOut != 0 || len(sum.Scenes) != len(c.scenes) {
		t.Errorf("%d polygons, %d without a scene, %d left out, %d scenes", sum.Polygons, sum.NoScene, sum.LeftOut, len(sum.Scenes))
	}
}
