package zonal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// Rows that cannot be observed are told one by one beside the output.
func TestBadRowsStandBeside(t *testing.T) {
	eight := orb.MultiPolygon{{{{700100, 3899800}, {700200, 3899900}, {700200, 3899800}, {700100, 3899900}, {700100, 3899800}}}}
	land := writeLand(t, 32649,
		named{"good", home.pixels(10, 20, 15, 25)}, named{"eight", eight}, named{"", home.pixels(30, 20, 35, 25)},
		named{"twice", home.pixels(40, 20, 45, 25)}, named{"twice", home.pixels(50, 20, 55, 25)}, named{"far", home.pixels(9000, 20, 9005, 25)})
	dir := t.TempDir()
	opt := Options{Scenes: oneScene(t), Parcels: land, Out: filepath.Join(dir, "out.parquet")}
	sum, err := Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Polygons != 3 || sum.LeftOut != 2 || sum.NoScene != 1 || sum.Read != 6 || sum.Rows != 30 {
		t.Errorf("%+v", sum)
	}
	for _, code := range []string{"id_repeated", "no_imagery", "rows_left_out"} {
		if sum.Warned[code] != 1 {
			t.Errorf("no warning %s: %v", code, sum.Warned)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "out.rejects.csv"))
	if err != nil || sum.Rejects != filepath.Join(dir, "out.rejects.csv") {
		t.Fatal(sum.Rejects, err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != 3 || lines[0] != "\ufeffrow,id,column,done,reason" || !strings.HasPrefix(lines[1], "2,eight,geometry,left out,") || !strings.HasPrefix(lines[2], "3,,id,left out,its ID is empty") {
		t.Errorf("%s", b)
	}
	// A later run without bad rows leaves no stale list.
	opt.Parcels = writeLand(t, 32649, named{"good", home.pixels(10, 20, 15, 25)})
	if _, err := Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "out.rejects.csv")); !os.IsNotExist(err) {
		t.Error("the list of an earlier run still stands there")
	}
}

func TestNothingToObserveIsAnError(t *testing.T) {
	scenes := oneScene(t)
	good := writeLand(t, 32649, named{"a", home.pixels(10, 20, 15, 25)})
	for name, c := range map[string]struct {
		opt  Options
		says []string
	}{
		"no such file":      {Options{Scenes: scenes, Parcels: "nowhere.gpkg"}, []string{"nowhere.gpkg", "no such file"}},
		"no such catalog":   {Options{Scenes: "nowhere.json", Parcels: good}, []string{"nowhere.json"}},
		"empty file":        {Options{Scenes: scenes, Parcels: writeLand(t, 32649)}, []string{"holds no rows"}},
		"no scene then":     {Options{Scenes: scenes, Parcels: good, From: day.AddDate(1, 0, 0)}, []string{"no scene to observe", "2025-05-01", "S2A_1"}},
		"too cloudy":        {Options{Scenes: scenes, Parcels: good, MaxCloud: new(float64)}, []string{"no scene to observe", "cloud"}},
		"land elsewhere":    {Options{Scenes: scenes, Parcels: writeLand(t, 32649, named{"far", rect(600000, 3500000, 600100, 3500100)})}, []string{"no scene to observe"}},
		"no polygon in any": {Options{Scenes: scenes, Parcels: writeLand(t, 32649, named{"w", rect(680000, 3899000, 680100, 3899100)}, named{"e", rect(730000, 3899000, 730100, 3899100)})}, []string{"none of the 2 polygons", "CRS"}},
		"no polygon at all": {Options{Scenes: scenes, Parcels: writeLand(t, 32649, named{"", home.pixels(10, 20, 15, 25)})}, []string{"none of the 1 rows", "rejects.csv"}},
		"no such column":    {Options{Scenes: scenes, Parcels: good, IDField: "DKBM"}, []string{`no column "DKBM"`, "id"}},
		"too little memory": {Options{Scenes: scenes, Parcels: good, Memory: 1e6}, []string{"at least"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.opt.Out = filepath.Join(dir, "out.parquet")
			_, err := Run(context.Background(), c.opt)
			if err == nil {
				t.Fatal("no error")
			}
			for _, s := range c.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("the error does not say %q: %v", s, err)
				}
			}
			left, _ := os.ReadDir(dir)
			for _, f := range left {
				if f.Name() != "out.rejects.csv" {
					t.Errorf("%s is left behind", f.Name())
				}
			}
		})
	}
	if _, err := Run(context.Background(), Options{Scenes: scenes, Parcels: good, Out: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("into a folder: %v", err)
	}
}

// stopper cancels at a step of a stage.
type stopper struct {
	silent
	at, stage string
	stop      func()
}

func (s *stopper) Stage(name string, _ int) { s.stage = name }
func (s *stopper) Step() {
	if s.stage == s.at {
		s.stop()
	}
}

// A run that is stopped leaves what stood there before and nothing else.
func TestStoppedRunLeavesNothing(t *testing.T) {
	scenes, land := oneScene(t), writeLand(t, 32649, scattered()...)
	for _, stage := range []string{"scenes", "offsets", "polygons", "observe"} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out.parquet")
		if err := os.WriteFile(out, []byte("before"), 0o644); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		r, err := newRun(Options{Scenes: scenes, Parcels: land, Out: out, Progress: &stopper{at: stage, stop: stop}})
		if err != nil {
			t.Fatal(err)
		}
		r.limits = limits{held: 1, strip: 100e3}
		err = r.do(ctx)
		r.close()
		stop()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %s: %v", stage, err)
		}
		left, _ := os.ReadDir(dir)
		if b, _ := os.ReadFile(out); len(left) != 1 || string(b) != "before" {
			t.Errorf("stopped at %s: the folder holds %v", stage, left)
		}
	}
}

func TestRejectsFile(t *testing.T) {
	for out, want := range map[string]string{"a/b.parquet": "a/b.rejects.csv", "b": "b.rejects.csv", "x.y/z": "x.y/z.rejects.csv"} {
		if got := RejectsFile(out); got != want {
			t.Errorf("%s: %s, want %s", out, got, want)
		}
	}
}
