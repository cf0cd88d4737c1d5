// Package season runs a county's season on one machine: plan ▸ tasks ▸ files.
//
// Plan reads everything once and says which files must exist. A task makes one
// of them, in the run's cache, under a name that is the hash of all it reads;
// so a run that was killed goes on where it was, and a second run costs
// nothing. The public files are made from the cache at the end.
//
// It knows the order of the stages and their inputs. What a pixel, a cycle, a
// loan is, the packages below know.
package season

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
)

// Options of a run.
type Options struct {
	Out      string       // folder of the run
	AsOf     parcels.Date // zero = the county file's, else the newest scene's day
	Workers  int          // 0 = one per core
	OrtLib   string       // path of the ONNX Runtime library; empty = pure Go only
	Models   string       // the user's models folder, for the cloud network; empty = the county file's
	IDField  string       // overrides the county file's parcels.id_field
	Draft    bool         // decide by a credit policy that nobody has released yet
	Code     string       // version of the program, for run.json
	Progress Progress
}

// Progress hears how far a run is. Calls come from several goroutines.
type Progress interface {
	Stage(name string, total int)
	Step()
	Warn(w rundir.Warning)
}

// Silent is a Progress that says nothing.
type Silent struct{}

// Stage, Step and Warn do nothing.
func (Silent) Stage(string, int)   {}
func (Silent) Step()               {}
func (Silent) Warn(rundir.Warning) {}

// Run runs the season of a county file and returns what run.json says.
func Run(ctx context.Context, countyFile string, opt Options) (rundir.Info, error) {
	if opt.Progress == nil {
		opt.Progress = Silent{}
	}
	cfg, err := ReadConfig(countyFile)
	if err != nil {
		return rundir.Info{}, err
	}
	if opt.IDField != "" {
		cfg.Parcels.IDField = opt.IDField
	}
	if cfg.insideRun(opt.Out) {
		return rundir.Info{}, fmt.Errorf("--out %s: the county's own files lie inside it (identity key or feeds); choose another folder", opt.Out)
	}
	clock := newStopwatch()
	p, err := newPlan(ctx, cfg, opt)
	if err != nil {
		return rundir.Info{}, err
	}
	clock.lap("plan")
	if opt.Models == "" {
		opt.Models = cfg.Models.Folder
	}
	eng, err := newEngine(opt)
	if err != nil {
		return rundir.Info{}, err
	}
	defer eng.close()
	if err := p.observe(ctx, eng, clock); err != nil {
		return rundir.Info{}, err
	}
	if err := p.askSky(ctx, eng, clock); err != nil {
		return rundir.Info{}, err
	}
	if err := p.judge(ctx, eng, clock); err != nil {
		return rundir.Info{}, err
	}
	if err := p.publish(ctx, eng, clock); err != nil {
		return rundir.Info{}, err
	}
	return p.info, nil
}

func cacheDir(out string) string { return filepath.Join(out, rundir.CacheFolder) }

type stopwatch struct {
	last    time.Time
	seconds map[string]float64
}

func newStopwatch() *stopwatch { return &stopwatch{time.Now(), map[string]float64{}} }

func (s *stopwatch) lap(stage string) {
	now := time.Now()
	s.seconds[stage] += float64(now.Sub(s.last).Milliseconds()) / 1000
	s.last = now
}
