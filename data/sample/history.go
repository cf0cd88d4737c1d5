package sample

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
)

// writeHistory writes the two seasons before as folders of finished runs: the
// same land, mostly the same crops. What a plot declares now was seen there in
// the last year at least.
func (c *making) writeHistory(context.Context) error {
	for back := 2; back >= 1; back-- {
		year := Year - back
		ch := newChance(c.opt.Seed, fmt.Sprintf("history %d", year))
		var plots []rundir.Plot
		var cycles []rundir.Cycle
		for _, f := range c.tenure.fields {
			r := f.declared
			if len(f.past.stands) > 0 {
				r = f.past
			}
			if back == 2 && f.fault == "" && f.declared.kind == "arable" && ch.Float64() < .2 {
				r = draw(ch)
			}
			grower := c.key.GrowerID(f.farmer.number)
			id := fmt.Sprintf("H%d-%s", year, f.parcels[0].id)
			for _, p := range f.parcels {
				g, err := p.lonlat()
				if err != nil {
					return err
				}
				plots = append(plots, rundir.Plot{PlotID: id, ParcelID: p.id, GrowerID: grower, AreaM2: cents(parcels.AreaM2(g))})
			}
			cycles = append(cycles, pastCycles(ch, f, r, id, year)...)
		}
		dir := c.path("history", fmt.Sprint(year))
		if err := rundir.WriteParquet(dir+"/"+rundir.PlotsFile, plots); err != nil {
			return err
		}
		if err := rundir.WriteParquet(dir+"/"+rundir.CyclesFile, cycles); err != nil {
			return err
		}
		end := on(year, 12, 31).String()
		if err := rundir.WriteInfo(dir, rundir.Info{Code: "sample", County: countyCode, Name: countyName, Season: fmt.Sprint(year),
			From: on(year, 1, 1).String(), To: end, AsOf: end, Sample: true,
			Counts: map[string]int{"parcels": len(plots), "cycles": len(cycles)}}); err != nil {
			return err
		}
	}
	return nil
}

func pastCycles(c chance, f *field, r rotation, id string, year int) []rundir.Cycle {
	row := rundir.Cycle{ParcelID: id, CropDeclared: r.name(), InsidePixels: float64(f.inside), ClearDates: int32(c.whole(15, 26))}
	if f.inside < 3 {
		row.Reason = "too_few_pixels"
		return []rundir.Cycle{row}
	}
	if r.kind != "arable" {
		row.Reason, row.Assessable = "no_cycle", true
		return []rundir.Cycle{row}
	}
	var out []rundir.Cycle
	for i, s := range r.stands {
		kg := usualYield(s.crop) * yearFactor[len(yearFactor)-(Year-year)] * (1 + .07*f.vigour) * (1 + .03*c.normal(2))
		sure := .97 - .1*c.Float64()
		begin, peak, end := season(s, year)
		d := row
		d.Cycle, d.Crop, d.CropProbability, d.InService, d.Assessable = int32(i+1), s.crop, number(sure, 1e4), true, true
		d.Emergence, d.Peak = begin.String(), peak.String()
		d.HarvestP25, d.HarvestP50, d.HarvestP75 = end.Add(-5).String(), end.String(), end.Add(5).String()
		d.Complete = true
		d.CropModel, d.YieldBasis, d.YieldCrop = "sample", "imagery and county statistics", s.crop
		d.YieldP10, d.YieldP25, d.YieldP50, d.YieldP90 = number(kg*.82, 10), number(kg*.91, 10), number(kg, 10), number(kg*1.17, 10)
		out = append(out, d)
	}
	return out
}

func number(v, per float64) *float64 {
	v = float64(int64(v*per+.5)) / per
	return &v
}

// season is roughly when a stand comes up, peaks and is harvested.
func season(s stand, year int) (begin, peak, end parcels.Date) {
	first := on(year, 1, 1)
	from, to := 130.0, 280.0
	switch s.crop {
	case "winter_wheat":
		from, to = 15, 155
	case "maize":
		to = 265
	}
	from = max(from, s.from+20)
	return first.Add(int(from)), first.Add(int(from*.4 + to*.6)), first.Add(int(to))
}
