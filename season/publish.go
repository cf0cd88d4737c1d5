package season

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season/report"
)

// publish makes the public files of the run from the cache: exactly this run's
// rows, and nothing stale beside them.
func (p *plan) publish(ctx context.Context, e *engine, clock *stopwatch) error {
	out := p.opt.Out
	cycles, err := p.gatherCycles(e)
	if err != nil {
		return err
	}
	p.tellRadar(cycles)
	gradeGrowth(cycles)
	ev := p.evidence(cycles, e)
	findings, decisions, areas, agreements := scoring.JudgeWithWitnesses(ev, p.policy)
	clock.lap("decide")
	p.info.Counts["cycles"] = len(cycles)
	p.info.Counts["findings"] = len(findings)
	p.info.Counts["decisions"] = len(decisions)
	p.info.Runtime, p.info.Models = e.describe()
	p.noteScenes()
	e.progress.Stage("files", 14)
	for _, step := range []func() error{
		func() error { return p.writeObservations(ctx, e) },
		func() error { return rundir.WriteScenes(out, p.seen) },
		func() error { return p.writeSeries(e) },
		func() error { return rundir.WriteParquet(filepath.Join(out, rundir.CyclesFile), cycles) },
		func() error { return p.writeLand(cycles) },
		func() error {
			return rundir.WriteFile(filepath.Join(out, rundir.EvidenceFile), func(w io.Writer) error {
				return scoring.WriteStored(w, ev, p.policyText)
			})
		},
		func() error { return rundir.WriteFindings(out, findingRows(findings)) },
		func() error { return rundir.WriteDecisions(out, decisionRows(decisions)) },
		func() error { return rundir.WriteParquet(filepath.Join(out, rundir.AreasFile), areaRows(areas)) },
		func() error { return rundir.WriteParquet(filepath.Join(out, rundir.TenureFile), p.spellRows()) },
		func() error {
			return rundir.WriteParquet(filepath.Join(out, rundir.AgreementFile), agreementRows(agreements))
		},
		func() error { return rundir.WriteParquet(filepath.Join(out, rundir.PastFile), pastRows(ev)) },
		func() error { return feeds.WriteRejects(filepath.Join(out, rundir.RejectsFile), p.rejects) },
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
		e.progress.Step()
	}
	clock.lap("files")
	p.info.Seconds = clock.seconds
	if err := rundir.WriteInfo(out, p.info); err != nil {
		return err
	}
	if err := report.Build(out, report.Options{}); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	e.progress.Step()
	clock.lap("report")
	p.info.Seconds = clock.seconds
	return rundir.WriteInfo(out, p.info)
}

// gatherCycles joins the cells' cycles and adds the plots without imagery.
func (p *plan) gatherCycles(e *engine) ([]rundir.Cycle, error) {
	var out []rundir.Cycle
	for _, c := range p.cells {
		for _, t := range c.predict {
			f, err := readFooter(e.cache, t)
			if err != nil {
				return nil, err
			}
			for _, w := range f.Warnings {
				p.warn(w.Stage, w.Code, w.Subject, w.Detail)
			}
			name, err := e.cache.find(t)
			if err != nil {
				return nil, err
			}
			rows, err := rundir.ReadParquet[rundir.Cycle](e.cache.path(name))
			if err != nil {
				return nil, err
			}
			out = append(out, rows...)
		}
	}
	facts := p.facts()
	for _, id := range sortedKeys(p.noView) {
		known := factsFile{Plots: map[string]plotFacts{id: {Declared: facts.declaredOn(id)}}}
		out = append(out, emptyCycle(baseRow(parcels.Series{ParcelID: id}, known, nil), p.noView[id], false))
	}
	unread := map[string]string{}
	for _, c := range p.cells {
		for _, s := range c.shapes {
			unread[s.ID] = strings.Join(c.unread, ";")
		}
	}
	for i := range out {
		out[i].Unread = unread[out[i].ParcelID]
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].ParcelID < out[j].ParcelID })
	return out, nil
}

// gradeGrowth gives the quintile 1–5 of integrated FAPAR to date among plots of
// the same crop (at least 30).
func gradeGrowth(cycles []rundir.Cycle) {
	byCrop := map[string][]int{}
	for i, c := range cycles {
		if c.Assessable && c.Crop != "" && c.FAPARIntegral != nil {
			byCrop[c.Crop] = append(byCrop[c.Crop], i)
		}
	}
	for _, crop := range sortedKeys(byCrop) {
		rows := byCrop[crop]
		values := make([]float64, len(rows))
		for k, i := range rows {
			values[k] = *cycles[i].FAPARIntegral
		}
		for k, g := range models.GrowthGrade(values) {
			if g > 0 {
				grade := int32(g)
				cycles[rows[k]].GrowthGrade = &grade
			}
		}
	}
}

// writeObservations writes one file per scene and removes files of other runs.
func (p *plan) writeObservations(ctx context.Context, e *engine) error {
	dir := filepath.Join(p.opt.Out, rundir.ObservationsFolder)
	byScene := map[string][]Task{}
	for _, c := range p.cells {
		for _, t := range c.observed {
			byScene[t.Scenes[0].ID] = append(byScene[t.Scenes[0].ID], t)
		}
	}
	keep := map[string]bool{}
	for _, id := range sortedKeys(byScene) {
		if err := ctx.Err(); err != nil {
			return err
		}
		var rows []rundir.Observation
		for _, t := range byScene[id] {
			name, err := e.cache.find(t)
			if err != nil {
				return err
			}
			all, err := rundir.ReadParquet[rundir.Observation](e.cache.path(name))
			if err != nil {
				return err
			}
			for _, r := range all {
				if isOptical(r.Band) || isRadar(r.Band) {
					rows = append(rows, r)
				}
			}
		}
		p.noteSeen(id, rows)
		name := fileName(id) + ".parquet"
		keep[name] = true
		p.info.Counts["observations"] += len(rows)
		if err := rundir.WriteParquet(filepath.Join(dir, name), rows); err != nil {
			return err
		}
	}
	return removeOthers(dir, keep)
}

func isOptical(band string) bool {
	for _, b := range raster.OpticalBands {
		if string(b) == band {
			return true
		}
	}
	return false
}

func isRadar(band string) bool { return slices.Contains(raster.RadarBands, raster.Band(band)) }

// fileName makes a scene's ID safe as the name of a file.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '_'
		}
		return r
	}, id)
}

func removeOthers(dir string, keep map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, en := range entries {
		if !keep[en.Name()] && strings.HasSuffix(en.Name(), ".parquet") {
			if err := os.Remove(filepath.Join(dir, en.Name())); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	return nil
}

func (p *plan) writeSeries(e *engine) error {
	var rows []rundir.SeriesRow
	for _, c := range p.cells {
		for _, t := range c.series {
			name, err := e.cache.find(t)
			if err != nil {
				return err
			}
			r, err := rundir.ReadParquet[rundir.SeriesRow](e.cache.path(name))
			if err != nil {
				return err
			}
			rows = append(rows, r...)
		}
	}
	return rundir.WriteParquet(filepath.Join(p.opt.Out, rundir.SeriesFile), rows)
}

// writeLand writes plots.parquet, parcels.parquet and parcels.gpkg.
func (p *plan) writeLand(cycles []rundir.Cycle) error {
	shown := shownCycles(cycles)
	var plots []rundir.Plot
	var shapes []rundir.Shape
	var features []vector.Feature
	for _, pc := range p.parcels {
		id := p.shapeOf(pc.ID)
		plots = append(plots, rundir.Plot{PlotID: id, ParcelID: pc.ID, GrowerID: p.farmers[pc.ID].GrowerID, AreaM2: round(pc.AreaM2, 1e-2), Assumed: assumed(pc)})
		mu := round(pc.AreaM2/parcels.SquareMetresPerMu, 1e-2)
		shapes = append(shapes, rundir.Shape{ParcelID: pc.ID, PlotID: id, AreaMu: mu, Polygon: pc.Polygon})
		features = append(features, p.landFeature(pc, id, mu, shown[id]))
	}
	if err := rundir.WriteParquet(filepath.Join(p.opt.Out, rundir.PlotsFile), plots); err != nil {
		return err
	}
	if err := rundir.WriteShapes(p.opt.Out, shapes); err != nil {
		return err
	}
	return vector.WriteGPKG(filepath.Join(p.opt.Out, rundir.ParcelsGPKG), "parcels", 4490, landFields, features)
}

// shapeOf is what imagery judged a parcel by: its plot, or itself.
func (p *plan) shapeOf(parcelID string) string {
	if id := p.plotOf[parcelID]; id != "" {
		return id
	}
	return parcelID
}

// shownCycles picks for each plot the cycle that as-of falls in, else the
// latest: what the map shows.
func shownCycles(cycles []rundir.Cycle) map[string]rundir.Cycle {
	out := map[string]rundir.Cycle{}
	for _, c := range cycles {
		if prev, ok := out[c.ParcelID]; !ok || !prev.Current {
			out[c.ParcelID] = c
		}
	}
	return out
}
