package season

import (
	"math"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// evidence hardens what imagery and models gave (DESIGN §5.9) and joins it
// with the records: the border of scoring.
func (p *plan) evidence(cycles []rundir.Cycle, e *engine) *scoring.CountyEvidence {
	ev := &scoring.CountyEvidence{
		County: p.cfg.County, SeasonID: p.cfg.Season.ID, SeasonFrom: p.cfg.Season.Start, SeasonTo: p.cfg.Season.End, AsOf: p.asOf,
		Parcels: map[string]parcels.Parcel{}, Farmers: p.farmers, Records: p.records, Models: map[string]string{},
	}
	_, used := e.describe()
	for _, m := range used {
		ev.Models[m.Name] = m.Version + " " + m.SHA256[:12]
	}
	for _, pc := range p.parcels {
		ev.Parcels[pc.ID] = pc
	}
	for _, o := range parcels.Overlaps(p.parcels, 0.01) {
		ev.Overlaps = append(ev.Overlaps, scoring.Overlap{A: o.A, B: o.B, Area: hardArea(o.AreaM2)})
	}
	ev.MeasureClaims()
	ev.MeasureHomes(p.villages)
	byPlot := map[string][]rundir.Cycle{}
	for _, c := range cycles {
		byPlot[c.ParcelID] = append(byPlot[c.ParcelID], c)
	}
	for _, pl := range p.plots {
		ev.Plots = append(ev.Plots, p.seenPlot(pl, byPlot[pl.ID]))
	}
	return ev
}

func (p *plan) seenPlot(pl parcels.Plot, cycles []rundir.Cycle) scoring.SeenPlot {
	s := scoring.SeenPlot{PlotID: pl.ID, GrowerID: pl.GrowerID, ParcelIDs: pl.ParcelIDs, Area: hardArea(pl.AreaM2), Past: p.past(pl)}
	for _, c := range cycles {
		s.InsidePixels, s.ClearDates = int(c.InsidePixels), int(c.ClearDates)
		s.SeasonShare, s.BrightCover = scoring.Prob(hard(&c.SeenShare, 1e4)), c.BrightCover
		s.LastClear, s.Green = day(c.LastClear), scoring.Prob(hard(&c.GreenShare, 1e4))
		s.Looks = nil
		for _, d := range strings.Split(c.ClearLooks, ";") {
			if d != "" {
				s.Looks = append(s.Looks, day(d))
			}
		}
		if c.Unread != "" {
			s.Warnings = strings.Split(c.Unread, ";")
		}
		if c.Cycle == 0 {
			s.Assessable, s.Reason = c.Assessable && c.Reason != radarOnly, c.Reason // radar tells no dates to judge by
			continue
		}
		s.Assessable, s.Vegetated = true, true
		s.Cycles = append(s.Cycles, seenCycle(c))
	}
	return s
}

func seenCycle(c rundir.Cycle) scoring.SeenCycle {
	model, _, _ := strings.Cut(c.CropModel, " ")
	g := 0
	if c.GrowthGrade != nil {
		g = int(*c.GrowthGrade)
	}
	return scoring.SeenCycle{Number: int(c.Cycle), Emergence: day(c.Emergence), Peak: day(c.Peak), HarvestP25: day(c.HarvestP25),
		HarvestP50: day(c.HarvestP50), HarvestP75: day(c.HarvestP75), Complete: c.Complete, Crop: c.Crop, Model: model,
		Probability: scoring.Prob(hard(c.CropProbability, 1e4)), InService: c.InService, Assessable: c.Assessable, Reason: c.Reason, GrowthGrade: g, FAPARRise: scoring.Prob(hard(c.FAPARRise, 1e4)),
		YieldP10: hardYield(c.YieldP10), YieldP25: hardYield(c.YieldP25), YieldP50: hardYield(c.YieldP50), YieldP90: hardYield(c.YieldP90),
		YieldBasis: c.YieldBasis, Current: c.Current}
}

func day(s string) parcels.Date {
	if s == "" {
		return parcels.Date{}
	}
	d, err := parcels.ParseDate(s)
	if err != nil {
		panic("cycles: " + err.Error()) // written by cycleRow
	}
	return d
}

func hardArea(m2 float64) scoring.Area { return scoring.Area(math.Round(m2 * 100)) }

func hardYield(kg *float64) scoring.Yield { return scoring.Yield(hard(kg, 10)) }

func hard(v *float64, scale float64) int64 {
	if v == nil {
		return 0
	}
	return int64(math.Round(*v * scale))
}

// past is what earlier runs saw on the plot's parcels, by area.
func (p *plan) past(pl parcels.Plot) []scoring.PastSeason {
	area := map[string]float64{}
	for _, pc := range p.parcelsByID(pl.ParcelIDs) {
		area[pc.ID] = pc.AreaM2
	}
	var out []scoring.PastSeason
	for _, run := range p.history {
		covered := 0.0
		byCrops := map[string]float64{} // joined crops → m²
		sample := map[string][]rundir.Cycle{}
		for _, id := range pl.ParcelIDs {
			cs := run.cycles[id]
			if len(cs) == 0 {
				continue
			}
			covered += area[id]
			key := ""
			for _, c := range cs {
				if grew(c) {
					key += c.Crop + "+"
				}
			}
			byCrops[key] += area[id]
			sample[key] = cs
		}
		if covered == 0 || pl.AreaM2 == 0 {
			continue
		}
		best := ""
		for _, k := range sortedKeys(byCrops) {
			if byCrops[k] > byCrops[best] {
				best = k
			}
		}
		ps := scoring.PastSeason{Season: run.season, Share: scoring.Prob(math.Round(math.Min(1, covered/pl.AreaM2) * 1e4))}
		for _, c := range sample[best] {
			if grew(c) {
				ps.Crops = append(ps.Crops, c.Crop)
				ps.Yields = append(ps.Yields, hardYield(c.YieldP50))
			}
		}
		out = append(out, ps)
	}
	return out
}

// grew reports whether a cycle shows a crop that stands in the land's past.
func grew(c rundir.Cycle) bool { return c.Cycle > 0 && c.Assessable && c.Crop != "" }

func (p *plan) parcelsByID(ids []string) []parcels.Parcel {
	if p.byID == nil {
		p.byID = map[string]int{}
		for i, pc := range p.parcels {
			p.byID[pc.ID] = i
		}
	}
	var out []parcels.Parcel
	for _, id := range ids {
		if i, ok := p.byID[id]; ok {
			out = append(out, p.parcels[i])
		}
	}
	return out
}
