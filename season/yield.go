package season

import (
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

func declaredText(f factsFile, id string) string { return strings.Join(f.Plots[id].Declared, "+") }

// yieldCrop is the crop whose yield is told: the seen one where imagery is sure
// of it, else the declared one that comes at this place in the year.
func yieldCrop(c rundir.Cycle, f plotFacts) string {
	if c.Assessable && c.InService && c.Crop != "" && c.Crop != "other" {
		return c.Crop
	}
	if n := len(f.Declared); n > 0 {
		return f.Declared[min(max(int(c.Cycle), 1), n)-1]
	}
	return ""
}

// addYield fills the yield of a cycle. Without a cycle (at planting) it is the
// county's statistics times the land's own past.
func (w *worker) addYield(c *rundir.Cycle, s parcels.Series, facts factsFile) {
	f := facts.Plots[c.ParcelID]
	crop := yieldCrop(*c, f)
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
		in.FAPARDays = dailyFAPAR(s, in.Emergence, to)
		in.Days = weatherBetween(facts.Weather, in.Emergence, to)
	}
	y := models.EstimateYield(in, w.eng.coefficients)
	if !y.OK {
		return
	}
	c.YieldCrop, c.YieldBasis = crop, y.Basis
	c.YieldP10, c.YieldP25, c.YieldP50, c.YieldP90 = known(round(y.P10, 0.1)), known(round(y.P25, 0.1)), known(round(y.P50, 0.1)), known(round(y.P90, 0.1))
}

func weatherBetween(days []models.WeatherDay, from, to parcels.Date) []models.WeatherDay {
	var out []models.WeatherDay
	for _, d := range days {
		if !d.Date.Before(from) && !d.Date.After(to) {
			out = append(out, d)
		}
	}
	return out
}
