package season

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/sample"
	"github.com/parus-lending/parus/models"
)

// faulty is a runtime whose sessions fail on every call: by error, panic or NaN.
type faulty struct {
	models.Runtime
	how string
}

func (f faulty) Open(card *models.Card, file []byte) (models.Session, error) {
	s, err := f.Runtime.Open(card, file)
	return faultySession{s, f.how}, err
}

type faultySession struct {
	models.Session
	how string
}

func (f faultySession) Run(ctx context.Context, in []float32, rows int) ([]float32, error) {
	switch f.how {
	case "panic":
		panic("index out of range")
	case "error":
		return nil, errors.New("out of memory")
	}
	out, err := f.Session.Run(ctx, in, rows)
	for i := range out {
		out[i] = float32(math.NaN())
	}
	return out, err
}

// A crop network that fails costs its batch, not the season: every cycle of it
// is not assessable and says so, the run warns and reaches its decisions, and
// the next run, with a network that works, tries again.
func TestSeasonOutlivesItsModels(t *testing.T) {
	ctx, county, out := context.Background(), t.TempDir(), t.TempDir()
	if err := sample.County(ctx, county, sample.CountyOptions{Seed: 4, Parcels: 40, Scenes: 10}); err != nil {
		t.Fatal(err)
	}
	cfg, err := ReadConfig(filepath.Join(county, "county.toml"))
	if err != nil {
		t.Fatal(err)
	}
	run := func(how string) ([]rundir.Cycle, *plan) {
		t.Helper()
		opt := Options{Out: out, Workers: 2, Progress: Silent{}}
		p, err := newPlan(ctx, cfg, opt)
		if err != nil {
			t.Fatal(err)
		}
		eng, err := newEngine(opt)
		if err != nil {
			t.Fatal(err)
		}
		defer eng.close()
		if how != "" {
			eng.cropRT, eng.growthRT = faulty{eng.cropRT, how}, faulty{eng.growthRT, how}
		}
		for _, step := range []func(context.Context, *engine, *stopwatch) error{p.observe, p.judge, p.publish} {
			if err := step(ctx, eng, newStopwatch()); err != nil {
				t.Fatalf("%s: %v", how, err)
			}
		}
		cycles, err := rundir.ReadCycles(out)
		if err != nil {
			t.Fatal(err)
		}
		return cycles, p
	}
	warned := func(p *plan, code, says string) int {
		n := 0
		for _, w := range p.info.Warnings {
			if w.Code == code && strings.Contains(w.Detail, says) {
				n++
			}
		}
		return n
	}
	for how, says := range map[string]string{"panic": "index out of range", "error": "out of memory", "nan": "NaN"} {
		if err := os.RemoveAll(filepath.Join(out, rundir.CacheFolder)); err != nil {
			t.Fatal(err)
		}
		cycles, p := run(how)
		failed := 0
		for _, c := range cycles {
			if c.Cycle > 0 && (c.Reason != models.ModelFailed || c.Assessable || c.Crop != "" || c.CropProbability != nil) {
				t.Fatalf("%s: plot %s cycle %d: %+v; wanted no crop and the reason model_failed", how, c.ParcelID, c.Cycle, c)
			}
			failed += int(min(c.Cycle, 1))
		}
		if failed == 0 || warned(p, models.ModelFailed, says) == 0 {
			t.Errorf("%s: %d cycles failed, warnings %v", how, failed, p.info.Warnings)
		}
		if n := warned(p, growthFailed, says); n == 0 {
			t.Errorf("%s: growth failed without a warning: %v", how, p.info.Warnings)
		}
		if p.info.Counts["decisions"] == 0 {
			t.Errorf("%s: no decisions: %v", how, p.info.Counts)
		}
	}
	cycles, p := run("")
	named := 0
	for _, c := range cycles {
		if c.Crop != "" && c.LAIPeak != nil {
			named++
		}
	}
	if named == 0 || warned(p, models.ModelFailed, "") > 0 || warned(p, growthFailed, "") > 0 {
		t.Errorf("the run after, with sound networks, named %d crops and warned of %v", named, p.info.Warnings)
	}
}
