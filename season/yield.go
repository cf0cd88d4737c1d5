package season

import (
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

func declaredText(f factsFile, id string) string { return strings.Join(f.Plots[id].Declared, "+") }

// yieldCrop is the crop whose yield is told: the seen one where imagery is sure
// of it, else the declared one that comes at this place in the year and is not
// the crop of another cycle.
func yieldCrop(c rundir.Cycle, f plotFacts, seen []string) string {
	if sureCrop(c) {
		return c.Crop
	}
	var open []string // declared and not seen in another cycle
	for _, d := range f.Declared {
		if !slices.Contains(seen, d) {
			open = append(open, d)
		}
	}
	if n := len(open); n > 0 {
		return open[min(max(int(c.Cycle), 1), n)-1]
	}
	return ""
}

// sureCrop reports whether imagery names the crop of the cycle by itself.
func sureCrop(c rundir.Cycle) bool {
	return c.Cycle > 0 && c.Assessable && c.InService && c.Crop != "" && c.Crop != "other"
}

// sureCrops are the crops that imagery is sure of, by plot.
func sureCrops(cycles []rundir.Cycle) map[string][]string {
	out := map[string][]string{}
	for _, c := range cycles {
		if sureCrop(c) {
			out[c.ParcelID] = append(out[c.ParcelID], c.Crop)
		}
	}
	return out
}

// addYield fills the yield of a cycle. Without a cycle (at planting) it is the
// county's statistics times the land's own past. fapar is daily, from emergence.
func (w *worker) addYield(c *rundir.Cycle, fapar []float64, facts factsFile, seen []string) {
	f := facts.Plots[c.ParcelID]
	crop := yieldCrop(*c, f, seen)
	if crop == "" {
		return
	}
	in := models.YieldInput{Crop: crop, AsOf: facts.AsOf, LandRatio: f.Ratio[crop], ClearDates: int(c.ClearDates)}
	if cy, ok := facts.County[crop]; ok {
		in.County = &cy
	}
	if c.Cycle > 0 {
		in.Emergence, in.Harvest = day(c.Emergence), day(c.HarvestP50)
		to := facts.AsOf
		if !in.Harvest.IsZero() && in.Harvest.Before(to) {
			to = in.Harvest
		}
		in.FAPARDays = fapar
		in.Days = weatherBetween(facts.Weather, in.Emergence, to)
	}
	y := models.EstimateYield(in, w.eng.coefficients)
	if !y.OK {
		return
	}
	c.YieldCrop, c.YieldBasis = crop, y.Basis
	c.YieldP10, c.YieldP25, c.YieldP50, c.YieldP90 = known(round(y.P10, 0.1)), known(round(y.P25, 0.1)), known(round(y.P50, 0.1)), known(round(y.P90, 0.1))
}

// weatherBetween are the days from the first to the last; days ascend.
func weatherBetween(days []models.WeatherDay, from, to parcels.Date) []models.WeatherDay {
	lo := sort.Search(len(days), func(i int) bool { return !days[i].Date.Before(from) })
	hi := sort.Search(len(days), func(i int) bool { return days[i].Date.After(to) })
	return days[lo:max(lo, hi)]
}
