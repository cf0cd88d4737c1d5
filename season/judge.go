package season

import (
	"context"
	"math"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// polygonsPerTask bounds the memory of a series or predict task.
const polygonsPerTask = 4000

// judge makes the series of every plot and what models say of its cycles.
func (p *plan) judge(ctx context.Context, e *engine, clock *stopwatch) error {
	var tasks []Task
	for i := range p.cells {
		c := &p.cells[i]
		inputs, err := e.observations(c)
		if err != nil {
			return err
		}
		var votes []string
		for _, t := range c.asked {
			name, err := e.cache.inputName(t)
			if err != nil {
				return err
			}
			votes = append(votes, name)
		}
		for first := 0; first < len(c.shapes); first += polygonsPerTask {
			c.series = append(c.series, Task{
				Stage: stageSeries, Cell: c.cell.ID(), Land: c.land, Inputs: inputs, Votes: votes,
				First: first, Count: min(polygonsPerTask, len(c.shapes)-first),
				From: p.info.From, To: p.lastDay().String(), Models: e.growthModels, Runtime: e.growthRuntime(),
			}.seal())
		}
		tasks = append(tasks, c.series...)
	}
	if err := e.do(ctx, stageSeries, tasks); err != nil {
		return err
	}
	clock.lap(stageSeries)
	tasks = nil
	facts := p.facts()
	for i := range p.cells {
		c := &p.cells[i]
		for _, s := range c.series {
			name, err := p.cache.putJSON("facts", facts.of(c.shapes[s.First:s.First+s.Count]))
			if err != nil {
				return err
			}
			input, err := e.cache.inputName(s)
			if err != nil {
				return err
			}
			f, err := readFooter(e.cache, s)
			if err != nil {
				return err
			}
			for _, w := range f.Warnings {
				p.warn(w.Stage, w.Code, w.Subject, w.Detail)
			}
			c.predict = append(c.predict, Task{
				Stage: stagePredict, Cell: c.cell.ID(), Inputs: []string{input}, Facts: name,
				Models: e.cropModels, Runtime: e.cropRuntime(),
			}.seal())
		}
		tasks = append(tasks, c.predict...)
	}
	err := e.do(ctx, stagePredict, tasks)
	clock.lap(stagePredict)
	return err
}

// lastDay is the last day of the series: as-of, or the season's end before it.
func (p *plan) lastDay() parcels.Date {
	if p.asOf.After(p.cfg.Season.End) {
		return p.cfg.Season.End
	}
	return p.asOf
}

func (w *worker) runSeries(ctx context.Context, t Task) error {
	var land landFile
	if err := w.eng.cache.getJSON(t.Land, &land); err != nil {
		return err
	}
	shapes, byID, radar, err := w.gather(t)
	if err != nil {
		return err
	}
	voices, err := w.skyVoices(t.Votes)
	if err != nil {
		return err
	}
	from, err := parcels.ParseDate(t.From)
	if err != nil {
		return err
	}
	to, err := parcels.ParseDate(t.To)
	if err != nil {
		return err
	}
	axis := parcels.Axis(from, to)
	layer, err := w.growthLayer()
	if err != nil {
		return err
	}
	all := make([]parcels.Series, len(shapes))
	for i, s := range shapes {
		all[i] = parcels.BuildSeries(s.ID, byID[s.ID], axis, parcels.SeriesOptions{Network: voices[s.ID]})
		addRadar(&all[i], radar[s.ID])
		drawSpreads(&all[i], to)
	}
	corner := land.Shapes[0].Polygon[0][0][0]
	at, err := parcels.Unproject(orb.MultiPolygon{{{corner, corner, corner, corner}}}, land.Grid.EPSG)
	if err != nil {
		return err
	}
	if err := laiOfMean(ctx, layer, all, at[0][0][0]); err != nil {
		return err
	}
	var rows []rundir.SeriesRow
	for _, s := range all {
		rows = append(rows, seriesRows(s)...)
	}
	var f footer
	layer.told(&f, t.Stage, "cell "+t.Cell)
	return store(w.eng.cache, t, rows, f)
}

func seriesRows(s parcels.Series) []rundir.SeriesRow {
	rows := make([]rundir.SeriesRow, len(s.Dekads))
	at := func(v []float64, i int) *float64 {
		if i >= len(v) {
			return nil
		}
		return known(round(v[i], 1e-4))
	}
	growthSigma := func(name string, curve []float64, i int) *float64 {
		if i >= len(curve) {
			return nil
		}
		return known(round(models.GrowthSigma(name, curve[i]), 1e-4))
	}
	for i, d := range s.Dekads {
		r := rundir.SeriesRow{ParcelID: s.ParcelID, Date: d.Start().String(), Usable: round(s.Usable[i], 1e-4), UsableVote: round(s.UsableVote[i], 1e-4), LeftOut: leftOut(s.LeftOut[i]), Weight: round(s.Weight[i], 1e-4),
			NDVI: at(s.NDVI, i), EVI2: at(s.EVI2, i), LAI: at(s.LAI, i), FAPAR: at(s.FAPAR, i), FCOVER: at(s.FCOVER, i), LAIOfMean: at(s.LAIOfMean, i),
			NDVISigma: at(s.NDVISigma, i), LAISigma: growthSigma("LAI", s.LAISigma, i), FAPARSigma: growthSigma("FAPAR", s.FAPARSigma, i), FCOVERSigma: growthSigma("FCOVER", s.FCOVERSigma, i),
			OutOfDomain: at(s.OutOfDomain, i), GrowthNote: s.GrowthNote[i],
			InsidePixels: round(s.InsidePixels, 1e-2), ClearDates: int32(s.ClearDates)}
		for b, dst := range []**float64{&r.B02, &r.B03, &r.B04, &r.B05, &r.B06, &r.B07, &r.B08, &r.B8A, &r.B11, &r.B12} {
			*dst = at(s.Bands[i], b)
		}
		radarRow(&r, s.Radar, i)
		r.EmergenceWithin, r.PeakWithin, r.HarvestWithin, r.CycleFound = at(s.Sure.Emergence, i), at(s.Sure.Peak, i), at(s.Sure.Harvest, i), at(s.Sure.Found, i)
		rows[i] = r
	}
	return rows
}

// leftOut names the scenes that the vote leaves out and what each witness says.
func leftOut(votes []parcels.Vote) string {
	words := make([]string, len(votes))
	for i, v := range votes {
		words[i] = v.String()
	}
	return strings.Join(words, ";")
}

// round is the one rounding of measured numbers: to a multiple of step.
func round(v, step float64) float64 {
	if math.IsNaN(v) {
		return v
	}
	return math.Round(v/step) / math.Round(1/step)
}

// pastRun is an earlier season of the county, by parcel.
type pastRun struct {
	season string
	info   rundir.Info
	cycles map[string][]rundir.Cycle // by parcel ID
}

func (p *plan) readHistory() error {
	for _, dir := range p.cfg.History {
		info, err := rundir.ReadInfo(dir)
		if err != nil {
			return err
		}
		if day, err := parcels.ParseDate(info.AsOf); err != nil || day.After(p.asOf) {
			p.warn("plan", "history_not_used", info.Season, "its as-of day "+info.AsOf+" is later than this run's: nothing later may enter")
			continue
		}
		plots, err := rundir.ReadPlots(dir)
		if err != nil {
			return err
		}
		cycles, err := rundir.ReadCycles(dir)
		if err != nil {
			return err
		}
		byPlot := map[string][]rundir.Cycle{}
		for _, c := range cycles {
			byPlot[c.ParcelID] = append(byPlot[c.ParcelID], c)
		}
		run := pastRun{season: info.Season, info: info, cycles: map[string][]rundir.Cycle{}}
		for _, pl := range plots {
			run.cycles[pl.ParcelID] = byPlot[pl.PlotID]
		}
		p.history = append(p.history, run)
		if err := p.input("history", dir+"/"+rundir.CyclesFile); err != nil {
			return err
		}
	}
	sort.Slice(p.history, func(i, j int) bool { return p.history[i].info.AsOf < p.history[j].info.AsOf })
	return nil
}
