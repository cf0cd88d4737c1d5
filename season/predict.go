package season

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// marginDekads of the curve before emergence and after harvest go to the crop
// network with the cycle itself, as in its training.
const marginDekads = 2

// Limits below which imagery says nothing about a plot (LPIS practice, DOMAIN §8).
const (
	minInsidePixels = 3 // 10 m pixels wholly within, seen clear on one date
	minClearDates   = 4
)

// perennialCrops may stand all year. An annual that seems to is two crops whose
// change no date showed, or another fault: not assessable.
var perennialCrops = []string{"grass", "alfalfa", "grapes", "almond", "walnut", "pistachio", "apple", "pear", "peach", "cherry", "plum", "olive",
	"kiwi", "blueberry", "greenhouse", "fallow", "other"}

func (w *worker) runPredict(ctx context.Context, t Task) error {
	all, err := readSeries(w.eng.cache.inputPath(t.Inputs[0]))
	if err != nil {
		return err
	}
	var facts factsFile
	if err := w.eng.cache.getJSON(t.Facts, &facts); err != nil {
		return err
	}
	var f footer
	out := make([]rundir.Cycle, 0, len(all)+len(all)/4)
	fapar := make([][]float64, 0, cap(out)) // daily, of out
	inputs := make([]models.CropInput, 0, models.CropBatch)
	row := make([]int, 0, models.CropBatch) // inputs[i] is of out[row[i]]
	card, err := w.eng.registry.Card(w.eng.cropName)
	if err != nil {
		return err
	}
	ask := func(in models.CropInput, of int) error {
		if len(inputs) == models.CropBatch {
			if err := w.nameCrops(ctx, t, out, row, inputs, &f); err != nil {
				return err
			}
			inputs, row = inputs[:0], row[:0]
		}
		inputs, row = append(inputs, in), append(row, of)
		return nil
	}
	var axis *yearAxis
	for _, s := range all {
		axis = axis.of(s.Dekads)
		base := baseRow(s, facts, axis)
		if reason := notAssessable(s); reason != "" {
			if reason == tooFewDates && radarSpeaks(card, s) {
				reason = radarOnly
				if err := ask(wholeWindow(s), len(out)); err != nil {
					return err
				}
			}
			out, fapar = append(out, emptyCycle(base, reason, false)), append(fapar, nil)
			continue
		}
		cycles := parcels.FindCycles(s, facts.AsOf, parcels.CycleOptions{})
		if len(cycles) == 0 {
			out, fapar = append(out, emptyCycle(base, "no_cycle", true)), append(fapar, nil)
			continue
		}
		for i, c := range cycles {
			if err := ask(cropInput(s, cycles, i), len(out)); err != nil {
				return err
			}
			days := axis.dailyFAPAR(s.FAPAR, c.Emergence, lastDayOf(c, facts.AsOf))
			out, fapar = append(out, cycleRow(base, s, c, facts, days)), append(fapar, days)
		}
	}
	if err := w.nameCrops(ctx, t, out, row, inputs, &f); err != nil {
		return err
	}
	seen := sureCrops(out)
	for i := range out {
		w.addYield(&out[i], fapar[i], facts, seen[out[i].ParcelID])
	}
	return store(w.eng.cache, t, out, f)
}

// nameCrops asks the crop model about one batch. One it fails on is lost with a
// named warning, not the run: its cycles are not assessable.
func (w *worker) nameCrops(ctx context.Context, t Task, out []rundir.Cycle, row []int, inputs []models.CropInput, f *footer) error {
	if len(inputs) == 0 {
		return nil
	}
	crop, card, err := w.cropModel()
	if err != nil {
		return err
	}
	results, lost, err := crop.Classify(ctx, inputs)
	if err != nil {
		return err
	}
	model := card.Name + " " + card.Version
	for i, r := range results {
		c := &out[row[i]]
		whole := c.Reason == radarOnly // no cycle was looked for
		if c.Assessable, c.Reason = r.Assessable, r.Reason; whole && r.Assessable {
			c.Reason = radarOnly
		}
		if r.Reason == models.ModelFailed {
			continue
		}
		c.Crop, c.CropProbability = r.Crop, known(round(r.Probability, 1e-4))
		c.CropModel = model
		c.InService = slices.Contains(card.InService, r.Crop)
		if r.Assessable && r.Crop == "fallow" { // green, but nobody's crop
			c.Assessable, c.Reason = false, models.OtherCrop
		}
		if c.Perennial && c.Assessable && !slices.Contains(perennialCrops, r.Crop) {
			c.Assessable, c.Reason = false, "annual_all_year"
		}
	}
	for _, l := range lost {
		f.Partial = true // the next run tries again
		f.Warnings = append(f.Warnings, rundir.Warning{Stage: t.Stage, Code: models.ModelFailed, Subject: "cell " + t.Cell,
			Detail: fmt.Sprintf("%d cycles, from %s on, are not assessable: %v", l.Count, out[row[l.First]].ParcelID, l.Err)})
	}
	return nil
}

// tooFewDates is the reason of a plot seen clear on fewer than minClearDates.
const tooFewDates = "too_few_dates"

// notAssessable says why imagery cannot judge the plot at all, or "".
func notAssessable(s parcels.Series) string {
	switch {
	case s.InsidePixels < minInsidePixels:
		return "too_few_pixels"
	case s.ClearDates < minClearDates:
		return tooFewDates
	}
	return ""
}

// cropInput is the calendar year of the cycle's peak with only the dekads of
// the cycle and a margin that stays clear of its neighbours' peaks; a perennial
// gets all.
func cropInput(s parcels.Series, cycles []parcels.Cycle, i int) models.CropInput {
	c := cycles[i]
	lo, hi := c.First-marginDekads, c.Last+marginDekads
	if c.Perennial {
		lo, hi = 0, len(s.Dekads)-1
	}
	if i > 0 {
		lo = max(lo, cycles[i-1].Last)
	}
	if i+1 < len(cycles) {
		hi = min(hi, cycles[i+1].First)
	}
	in := models.EmptyCropInput()
	year := c.Peak.Year
	for k := max(lo, 0); k <= min(hi, len(s.Dekads)-1); k++ {
		if d := s.Dekads[k]; d.Year == year {
			copy(in.Bands[d.Index][:], s.Bands[k])
			radarInput(&in, s, k)
		}
	}
	return in
}

// baseRow is what every cycle of a plot says of the plot.
func baseRow(s parcels.Series, facts factsFile, axis *yearAxis) rundir.Cycle {
	return rundir.Cycle{ParcelID: s.ParcelID, CropDeclared: declaredText(facts, s.ParcelID), InsidePixels: s.InsidePixels, ClearDates: int32(s.ClearDates), RadarDates: int32(s.Radar.Days()),
		SeenShare: seenShare(s, facts), LastClear: axis.lastClear(s.Weight), ClearLooks: axis.clearLooks(s.Weight), BrightCover: brightCover(s), GreenShare: greenShare(s)}
}

func emptyCycle(base rundir.Cycle, reason string, assessable bool) rundir.Cycle {
	base.Assessable, base.Reason = assessable, reason
	return base
}

func cycleRow(base rundir.Cycle, s parcels.Series, c parcels.Cycle, facts factsFile, fapar []float64) rundir.Cycle {
	r := base
	r.Cycle, r.Emergence, r.Peak = int32(c.Number), c.Emergence.String(), c.Peak.String()
	r.HarvestP25, r.HarvestP50, r.HarvestP75 = c.HarvestP25.String(), c.HarvestP50.String(), c.HarvestP75.String()
	sure := s.SpreadOf(c)
	r.EmergenceWithin, r.PeakWithin, r.HarvestWithin, r.CycleFound = known(sure.Emergence), known(sure.Peak), known(sure.Harvest), known(sure.Found)
	r.Complete, r.Perennial, r.Current = c.Complete, c.Perennial, isCurrent(c, facts.AsOf)
	if len(fapar) > 0 {
		var sum float64
		for _, v := range fapar {
			sum += v
		}
		r.FAPARIntegral = known(round(sum, 1e-2))
	}
	peak := math.NaN()
	for k := c.First; k <= c.Last && k < len(s.LAI); k++ {
		if s.LAI[k] > peak || math.IsNaN(peak) {
			peak = s.LAI[k]
		}
	}
	r.LAIPeak = known(round(peak, 1e-3))
	r.FAPARRise = known(round(rise(s.FAPAR, c.First, c.Last), 1e-3))
	return r
}

// rise is the greatest value of steps first to last less the first that is
// known; NaN where fewer than two are.
func rise(v []float64, first, last int) float64 {
	begin, most := math.NaN(), math.NaN()
	for k := first; k <= last && k < len(v); k++ {
		switch {
		case math.IsNaN(begin):
			begin = v[k]
		case v[k] > most || math.IsNaN(most):
			most = v[k]
		}
	}
	return most - begin
}

// isCurrent reports whether as-of falls in the cycle.
func isCurrent(c parcels.Cycle, asOf parcels.Date) bool {
	return !c.Complete && !asOf.Before(c.Emergence) && (c.HarvestP75.IsZero() || !asOf.After(c.HarvestP75))
}

// lastDayOf is the last day of the cycle that is known.
func lastDayOf(c parcels.Cycle, asOf parcels.Date) parcels.Date {
	if !c.HarvestP50.IsZero() && c.HarvestP50.Before(asOf) {
		return c.HarvestP50
	}
	return asOf
}

// seenShare is the share of the whole season's dekads with a clear look.
func seenShare(s parcels.Series, facts factsFile) float64 {
	n := 0
	for _, w := range s.Weight {
		if w > 0 {
			n++
		}
	}
	return round(float64(n)/float64(max(facts.Dekads, 1)), 1e-4)
}

// Film, glass and roofs are brighter in blue than any soil or crop and not
// green, on most dates of the year.
const (
	brightBlue  = 0.16
	brightNDVI  = 0.30
	brightShare = 0.7
)

// greenNDVI is what a closed canopy of trees or crops passes, and bare land
// does not.
const greenNDVI = 0.45

// greenShare is the share of the ten-day steps seen in which the land was green.
func greenShare(s parcels.Series) float64 {
	seen, green := 0, 0
	for _, b := range s.Bands {
		red, nir := b[2], b[6]
		if math.IsNaN(red) || math.IsNaN(nir) {
			continue
		}
		seen++
		if (nir-red)/(nir+red) >= greenNDVI {
			green++
		}
	}
	return round(float64(green)/float64(max(seen, 1)), 1e-4)
}

func brightCover(s parcels.Series) bool {
	seen, bright := 0, 0
	for _, b := range s.Bands {
		blue, red, nir := b[0], b[2], b[6]
		if math.IsNaN(blue) || math.IsNaN(red) || math.IsNaN(nir) {
			continue
		}
		seen++
		if blue > brightBlue && (nir-red)/(nir+red) < brightNDVI {
			bright++
		}
	}
	return seen >= minClearDates && float64(bright) >= brightShare*float64(seen)
}
