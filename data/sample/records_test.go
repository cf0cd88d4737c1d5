package sample

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/scoring"
)

func realPatch(t *testing.T) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = "../../../shared"
	}
	dir := filepath.Join(root, "data/s2s1_patches/BE_00002806639B424A")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("the real patch is not here (PARUS_TEST_DATA): %v", err)
	}
	return dir
}

// Records over the real patch: every feed loads without a reject, the declared
// crops are those of the file's ct_name (read by eye: 4 × permanent grass, maize
// for -003 … by count 2, 1 × other leguminous crops), the season is 2018 (scenes
// run from August 2017 to November 2018), and equal seeds give equal bytes.
func TestRecordsOfTheRealPatch(t *testing.T) {
	patch := realPatch(t)
	opt := RecordsOptions{Parcels: filepath.Join(patch, "labels/parcels_derived.geojson"), Scenes: filepath.Join(patch, "stac/catalog.json"),
		Weather: filepath.Join(patch, "meteo/agera5_daily.csv"), Seed: 3}
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		if err := Records(context.Background(), dir, opt); err != nil {
			t.Fatal(err)
		}
	}
	var c struct {
		County      string
		IdentityKey string `toml:"identity_key"`
		Season      struct{ ID, Start, End string }
		Imagery     struct{ Catalog string }
		Parcels     struct{ File string }
		Weather     struct{ File string }
		Feeds       map[string]string
	}
	if _, err := toml.DecodeFile(filepath.Join(a, "county.toml"), &c); err != nil {
		t.Fatal(err)
	}
	if c.County != noCounty || c.Season.ID != "2018" || c.Season.Start != "2018-01-01" || c.Season.End != "2018-12-31" || len(c.Feeds) != 10 {
		t.Errorf("county.toml says %+v", c)
	}
	for _, p := range []string{c.Imagery.Catalog, c.Parcels.File, c.Weather.File} {
		if !filepath.IsAbs(p) {
			t.Errorf("%s is relative: the county file would not run from elsewhere", p)
		}
	}
	paths := map[string]string{}
	for feed, file := range c.Feeds {
		paths[feed] = filepath.Join(a, file)
		x, err1 := os.ReadFile(paths[feed])
		y, err2 := os.ReadFile(filepath.Join(b, file))
		if err1 != nil || err2 != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs between equal seeds: %v %v", file, err1, err2)
		}
	}
	key, err := identity.LoadKey(filepath.Join(a, c.IdentityKey))
	if err != nil {
		t.Fatal(err)
	}
	l, err := feeds.Load(context.Background(), paths, feeds.Options{Key: key, County: c.County, AsOf: parcels.Date{Year: 2018, Month: 3, Day: 1}})
	if err != nil || len(l.Rejects) > 0 {
		t.Fatalf("%v %+v", err, l.Rejects)
	}
	crops := map[string]int{}
	for _, d := range l.Records.Declarations {
		crops[d.Crop]++
	}
	if got := fmt.Sprint(crops); got != "map[grass:4 legumes:1 maize:2]" {
		t.Errorf("declared crops %s", got)
	}
	r := l.Records
	if len(r.Contracts) != 7 || len(r.Subsidies) != 7 || len(r.Roster) == 0 || len(r.Statistics) == 0 || len(r.Costs) == 0 {
		t.Errorf("%d contracts, %d subsidies, %d on the roster", len(r.Contracts), len(r.Subsidies), len(r.Roster))
	}
	farmers := map[string]bool{}
	for _, e := range r.Roster {
		farmers[e.GrowerID] = true
	}
	for _, d := range r.Declarations {
		if !farmers[d.GrowerID] {
			t.Errorf("%s declares %s and is not on the roster", d.GrowerID, d.ParcelID)
		}
	}
	policy, err := os.ReadFile(filepath.Join(a, "credit_policy.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scoring.ParseCreditPolicy(policy); err != nil {
		t.Error(err)
	}
}

func TestSeasonIsTheNewestFullYear(t *testing.T) {
	scenes := func(months map[int]int) (out []raster.Scene) {
		for y, n := range months {
			for m := range n {
				out = append(out, raster.Scene{Time: time.Date(y, time.Month(m+1), 3, 0, 0, 0, 0, time.UTC)})
			}
		}
		return out
	}
	if y, err := seasonYear(scenes(map[int]int{2019: 12, 2020: 9, 2021: 8})); err != nil || y != 2020 {
		t.Errorf("season %d %v, want 2020", y, err)
	}
	if _, err := seasonYear(scenes(map[int]int{2020: 8, 2019: 5})); err == nil || !strings.Contains(err.Error(), "2019 has 5; 2020 has 8;") {
		t.Errorf("no full year: %v", err)
	}
	if _, err := seasonYear(nil); err == nil || !strings.Contains(err.Error(), "no scene") {
		t.Errorf("no scene: %v", err)
	}
}
