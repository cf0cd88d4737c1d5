package season

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

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
	rows, err := rundir.ReadParquet[rundir.SeriesRow](w.eng.cache.inputPath(t.Inputs[0]))
	if err != nil {
		return err
	}
	var facts factsFile
	if err := w.eng.cache.getJSON(t.Facts, &facts); err != nil {
		return err
	}
	var out []rundir.Cycle
	var inputs []models.CropInput
	var row []int // inputs[i] is of out[row[i]]
	byID := map[string]parcels.Series{}
	for first := 0; first < len(rows); {
		last := first
		for last < len(rows) && rows[last].ParcelID == rows[first].ParcelID {
			last++
		}
		s := seriesOf(rows[first:last])
		byID[s.ParcelID] = s
		first = last
		if reason := notAssessable(s); reason != "" {
			out = append(out, emptyCycle(s, facts, reason, false))
			continue
		}
		cycles := parcels.FindCycles(s, facts.AsOf, parcels.CycleOptions{})
		if len(cycles) == 0 {
			out = append(out, emptyCycle(s, facts, "no_cycle", true))
			continue
		}
		bright := brightCover(s)
		for i, c := range cycles {
			inputs = append(inputs, cropInput(s, cycles, i))
			row = append(row, len(out))
			out = append(out, cycleRow(s, c, facts))
			out[len(out)-1].BrightCover = bright
		}
	}
	f, err := w.nameCrops(ctx, t, out, row, inputs)
	if err != nil {
		return err
	}
	seen := sureCrops(out)
	for i := range out {
		w.addYield(&out[i], byID[out[i].ParcelID], facts, seen[out[i].ParcelID])
	}
	return store(w.eng.cache, t, out, f)
}

// nameCrops asks the crop model. A batch it fails on is lost with a named
// warning, not the run: its cycles are not assessable.
func (w *worker) nameCrops(ctx context.Context, t Task, out []rundir.Cycle, row []int, inputs []models.CropInput) (footer, error) {
	if len(inputs) == 0 {
		return footer{}, nil
	}
	crop, card, err := w.cropModel()
	if err != nil {
		return footer{}, err
	}
	results, lost, err := crop.Classify(ctx, inputs)
	if err != nil {
		return footer{}, err
	}
	for i, r := range results {
		c := &out[row[i]]
		c.Assessable, c.Reason = r.Assessable, r.Reason
		if r.Reason == models.ModelFailed {
			continue
		}
		c.Crop, c.CropProbability = r.Crop, known(round(r.Probability, 1e-4))
		c.CropModel = card.Name + " " + card.Version
		c.InService = slices.Contains(card.InService, r.Crop)
		if r.Assessable && r.Crop == "fallow" { // green, but nobody's crop
			c.Assessable, c.Reason = false, models.OtherCrop
		}
		if c.Perennial && c.Assessable && !slices.Contains(perennialCrops, r.Crop) {
			c.Assessable, c.Reason = false, "annual_all_year"
		}
	}
	f := footer{Partial: len(lost) > 0} // the next run tries again
	for _, l := range lost {
		f.Warnings = append(f.Warnings, rundir.Warning{Stage: t.Stage, Code: models.ModelFailed, Subject: "cell " + t.Cell,
			Detail: fmt.Sprintf("%d cycles, from %s on, are not assessable: %v", l.Count, out[row[l.First]].ParcelID, l.Err)})
	}
	return f, nil
}

// notAssessable says why imagery cannot judge the plot at all, or "".
func notAssessable(s parcels.Series) string {
	switch {
	case s.InsidePixels < minInsidePixels:
		return "too_few_pixels"
	case s.ClearDates < minClearDates:
		return "too_few_dates"
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
		}
	}
	return in
}

func emptyCycle(s parcels.Series, facts factsFile, reason string, assessable bool) rundir.Cycle {
	return rundir.Cycle{ParcelID: s.ParcelID, CropDeclared: declaredText(facts, s.ParcelID), Assessable: assessable, Reason: reason,
		InsidePixels: s.InsidePixels, ClearDates: int32(s.ClearDates), SeenShare: seenShare(s, facts), LastClear: lastClear(s), ClearLooks: clearLooks(s), BrightCover: brightCover(s)}
}

func cycleRow(s parcels.Series, c parcels.Cycle, facts factsFile) rundir.Cycle {
	r := rundir.Cycle{ParcelID: s.ParcelID, Cycle: int32(c.Number), Emergence: c.Emergence.String(), Peak: c.Peak.String(),
		HarvestP25: c.HarvestP25.String(), HarvestP50: c.HarvestP50.String(), HarvestP75: c.HarvestP75.String(),
		Complete: c.Complete, Perennial: c.Perennial, CropDeclared: declaredText(facts, s.ParcelID),
		Current: isCurrent(c, facts.AsOf), InsidePixels: s.InsidePixels, ClearDates: int32(s.ClearDates), SeenShare: seenShare(s, facts), LastClear: lastClear(s), ClearLooks: clearLooks(s)}
	fapar := dailyFAPAR(s, c.Emergence, lastDayOf(c, facts.AsOf))
	if len(fapar) > 0 {
		var sum float64
		for _, v := range fapar {
			sum += v
		}
		r.FAPARIntegral = known(round(sum, 1e-2))
	}
	peak := math.NaN()
	for k := c.First; k <= c.Last && k < len(s.LAI); k++ {
		if !(s.LAI[k] <= peak) {
			peak = s.LAI[k]
		}
	}
	r.LAIPeak = known(round(peak, 1e-3))
	return r
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

// dailyFAPAR interpolates the dekads' FAPAR linearly between their middles.
// Empty where growth was not possible.
func dailyFAPAR(s parcels.Series, from, to parcels.Date) []float64 {
	if len(s.FAPAR) == 0 || from.IsZero() {
		return nil
	}
	var out []float64
	k := 0
	for d := from; !d.After(to); d = d.Add(1) {
		for k+1 < len(s.Dekads) && s.Dekads[k+1].Mid().Before(d) {
			k++
		}
		v := s.FAPAR[k]
		if k+1 < len(s.Dekads) && d.After(s.Dekads[k].Mid()) {
			a, b := s.Dekads[k].Mid(), s.Dekads[k+1].Mid()
			f := float64(d.Sub(a)) / float64(b.Sub(a))
			v = s.FAPAR[k]*(1-f) + s.FAPAR[k+1]*f
		}
		if math.IsNaN(v) {
			return nil
		}
		out = append(out, v)
	}
	return out
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

// clearLooks lists the first days of the dekads with a clear look.
func clearLooks(s parcels.Series) string {
	var out []string
	for i, w := range s.Weight {
		if w > 0 {
			out = append(out, s.Dekads[i].Start().String())
		}
	}
	return strings.Join(out, ";")
}

// lastClear is the first day of the newest dekad with a clear look.
func lastClear(s parcels.Series) string {
	for i := len(s.Weight) - 1; i >= 0; i-- {
		if s.Weight[i] > 0 {
			return s.Dekads[i].Start().String()
		}
	}
	return ""
}

// Film, glass and roofs are brighter in blue than any soil or crop and not
// green, on most dates of the year.
const (
	brightBlue  = 0.16
	brightNDVI  = 0.30
	brightShare = 0.7
)

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
