package season

import (
	"context"
	"fmt"
	"math"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// guard keeps a failing growth network from ending the run: the block it failed
// on has no growth (NaN), and the task that asked tells so. One per worker.
type guard struct {
	raster.Layer
	pixels int
	first  error
}

// Eval passes on what the layer gives. Only the end of ctx is an error.
func (g *guard) Eval(ctx context.Context, px *raster.PixelBlock, out [][]float32) error {
	err := g.eval(ctx, px, out)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		return nil
	}
	for k := range out {
		for i := range out[k] {
			out[k][i] = float32(math.NaN())
		}
	}
	if g.pixels += px.N; g.first == nil {
		g.first = err
	}
	return nil
}

func (g *guard) eval(ctx context.Context, px *raster.PixelBlock, out [][]float32) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("growth panicked: %v", r)
		}
	}()
	return g.Layer.Eval(ctx, px, out)
}

// growthFailed is the code of the warning of blocks without growth.
const growthFailed = "growth_failed"

// told adds what was lost since the last time to a task's footer; the file then
// counts as missing at the next run, which tries again.
func (g *guard) told(f *footer, stage, subject string) {
	if g.first != nil {
		f.Partial = true
		f.Warnings = append(f.Warnings, rundir.Warning{Stage: stage, Code: growthFailed, Subject: subject,
			Detail: fmt.Sprintf("%d pixels or means have no growth: %v", g.pixels, g.first)})
	}
	g.pixels, g.first = 0, nil
}
