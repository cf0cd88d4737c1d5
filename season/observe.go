package season

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// observe makes the ground and the observations of every cell.
func (p *plan) observe(ctx context.Context, e *engine, clock *stopwatch) error {
	var grounds []Task
	for i := range p.cells {
		c := &p.cells[i]
		c.ground = Task{Stage: stageGround, Cell: c.cell.ID(), Land: c.land, Scenes: c.scenes}.seal()
		grounds = append(grounds, c.ground)
	}
	if err := e.do(ctx, stageGround, grounds); err != nil {
		return err
	}
	clock.lap(stageGround)
	var tasks []Task
	for i := range p.cells {
		c := &p.cells[i]
		// The content, not the key, of the ground enters the observations' key:
		// one more scene seldom changes what ground is bright.
		ground, hash, err := loadGround(e.cache, c.ground)
		if err != nil {
			return err
		}
		p.info.Warnings = append(p.info.Warnings, ground.Warnings...)
		name, err := e.cache.putJSON("bright", groundBits{ground.Bits})
		if err != nil {
			return fmt.Errorf("ground of cell %s (%s): %w", c.cell.ID(), hash, err)
		}
		for k, s := range c.scenes {
			c.observed = append(c.observed, Task{
				Stage: stageObserve, Cell: c.cell.ID(), Land: c.sceneLand[k], Scenes: []raster.Scene{s},
				Inputs: []string{name}, Models: e.growthModels, Runtime: e.growthRuntime(),
			}.seal())
		}
		c.observed = append(c.observed, c.radarTasks()...)
		tasks = append(tasks, c.observed...)
	}
	// Scene by scene, cells side by side, so that a block both touch is decoded
	// once.
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(a.Scenes[0].Time.Compare(b.Scenes[0].Time), strings.Compare(a.Scenes[0].ID, b.Scenes[0].ID), strings.Compare(a.Cell, b.Cell))
	})
	if err := e.do(ctx, stageObserve, tasks); err != nil {
		return err
	}
	clock.lap(stageObserve)
	for i := range p.cells {
		c := &p.cells[i]
		for _, t := range c.observed {
			f, err := readFooter(e.cache, t)
			if err != nil {
				return err
			}
			for _, w := range f.Warnings {
				p.warn(w.Stage, w.Code, w.Subject, w.Detail)
				if f.Partial && unreadable(w.Code) && !t.Scenes[0].Radar() {
					c.unread = append(c.unread, w.Subject)
				}
			}
		}
	}
	return nil
}

// groundFile is a ground task's output.
type groundFile struct {
	Bits     []byte           `json:"bits"` // raster.Ground
	Warnings []rundir.Warning `json:"warnings,omitempty"`
	Partial  bool             `json:"partial,omitempty"`
}

type groundBits struct {
	Bits []byte `json:"bits"`
}

func loadGround(c cache, t Task) (groundFile, string, error) {
	var g groundFile
	name, err := c.find(t)
	if err != nil {
		return g, "", err
	}
	return g, name, c.getJSON(name, &g)
}

func (w *worker) runGround(ctx context.Context, t Task) error {
	cover, err := w.cover(t.Land)
	if err != nil {
		return err
	}
	ground, warns, err := raster.BuildGround(ctx, []raster.Reader{w.reader}, t.Scenes, cover)
	if err != nil {
		return err
	}
	var out groundFile
	if out.Bits, err = ground.MarshalBinary(); err != nil {
		return err
	}
	for _, x := range warns {
		out.Warnings = append(out.Warnings, rundir.Warning{Stage: t.Stage, Code: x.Code, Subject: x.Subject, Detail: x.Detail})
		out.Partial = out.Partial || unreadable(x.Code)
	}
	name := t.file()
	if out.Partial {
		name = t.partial()
	}
	return writeBytes(w.eng.cache.path(name), []byte(jsonText(out)))
}

func (w *worker) runObserve(ctx context.Context, t Task) error {
	if t.Scenes[0].Radar() {
		return w.runObserveRadar(ctx, t)
	}
	cover, err := w.cover(t.Land)
	if err != nil {
		return err
	}
	ground, err := w.ground(t.Inputs[0])
	if err != nil {
		return err
	}
	layer, err := w.growthLayer()
	if err != nil {
		return err
	}
	res, err := raster.Observe(ctx, w.reader, t.Scenes[0], cover, raster.ObserveOptions{Ground: ground, Layer: layer})
	if err != nil {
		return err
	}
	rows := make([]rundir.Observation, 0, res.Len()+len(res.Layers))
	for _, o := range append(res.Rows(), res.Layers...) {
		rows = append(rows, observationRow(o))
	}
	f := footer{Partial: res.Unreadable}
	for _, x := range res.Warnings {
		f.Warnings = append(f.Warnings, rundir.Warning{Stage: t.Stage, Code: x.Code, Subject: x.Subject, Detail: x.Detail})
	}
	layer.told(&f, t.Stage, t.Scenes[0].ID)
	return store(w.eng.cache, t, rows, f)
}

// ground reads the bright and dark ground that a task works with.
func (w *worker) ground(name string) (*raster.Ground, error) {
	var bits groundBits
	if err := w.eng.cache.getJSON(name, &bits); err != nil {
		return nil, err
	}
	g := new(raster.Ground)
	return g, g.UnmarshalBinary(bits.Bits)
}

// unreadable reports whether a warning is about imagery that is missing in part.
func unreadable(code string) bool {
	return code == raster.UnreadableBand || code == raster.UnreadableBlock
}

func observationRow(o raster.Observation) rundir.Observation {
	r := rundir.Observation{ParcelID: o.ParcelID, Kind: o.Kind, SceneID: o.SceneID, Time: o.Time.UTC(), Band: string(o.Band),
		Total: o.Total, Count: o.Count, Inside: o.Inside, Doubtful: o.Doubtful, Orbit: o.Orbit}
	r.Mean, r.Std, r.Min, r.P25 = known(o.Mean), known(o.Std), known(o.Min), known(o.P25)
	r.Median, r.P75, r.Max = known(o.Median), known(o.P75), known(o.Max)
	return r
}

// known is nil for a number that is not there (NaN).
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// readFooter reads what a task's file says beside its rows.
func readFooter(c cache, t Task) (footer, error) {
	var f footer
	name, err := c.find(t)
	if err != nil {
		return f, err
	}
	file, err := os.Open(c.path(name))
	if err != nil {
		return f, err
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return f, err
	}
	pf, err := parquet.OpenFile(file, st.Size())
	if err != nil {
		return f, fmt.Errorf("cache file %s: %w (delete it and run again)", name, err)
	}
	text, ok := pf.Lookup(footerKey)
	if !ok {
		return f, fmt.Errorf("cache file %s has no footer of Parus (delete it and run again)", name)
	}
	return f, jsonValue(text, &f)
}

// inputName names a task's file for the next stage; a partial file's name is
// followed by the hash of its content, which the key alone does not fix.
func (c cache) inputName(t Task) (string, error) {
	name, err := c.find(t)
	if err != nil || !strings.Contains(name, ".partial.") {
		return name, err
	}
	b, err := os.ReadFile(c.path(name))
	if errors.Is(err, fs.ErrNotExist) { // another process has just made it whole
		return c.find(t)
	}
	sum := sha256.Sum256(b)
	return name + "@" + hex.EncodeToString(sum[:8]), err
}

func (c cache) inputPath(name string) string {
	name, _, _ = strings.Cut(name, "@")
	return c.path(name)
}
