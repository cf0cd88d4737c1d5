package season

import (
	"math"
	"slices"
	"sort"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/scoring"
)

// factsFile is what the predict stage needs beyond the series: records and
// weather known on the as-of day, and earlier seasons.
type factsFile struct {
	AsOf    parcels.Date                  `json:"as_of"`
	Dekads  int                           `json:"dekads"` // of the whole season
	Weather []models.WeatherDay           `json:"weather"`
	County  map[string]models.CountyYield `json:"county"` // by crop
	Plots   map[string]plotFacts          `json:"plots"`
}

// plotFacts are the facts of one plot or parcel.
type plotFacts struct {
	Declared []string           `json:"declared"` // in order of planting
	Ratio    map[string]float64 `json:"ratio"`    // crop → the land's own past yield ÷ the county's
}

// factsSource makes the facts of any polygons of the plan.
type factsSource struct {
	base     factsFile
	declared map[string][]string // by parcel, in order of planting
	parcels  map[string][]string // shape ID → parcel IDs
	ratio    map[string]map[string]float64
}

// facts are gathered once: the past of all land is a long look.
func (p *plan) facts() factsSource {
	if p.gathered != nil {
		return *p.gathered
	}
	f := factsSource{
		base:     factsFile{AsOf: p.asOf, Dekads: len(parcels.Axis(p.cfg.Season.Start, p.cfg.Season.End)), Weather: p.weather, County: p.countyYields()},
		declared: p.declaredInOrder(), parcels: map[string][]string{},
	}
	for _, pl := range p.plots {
		f.parcels[pl.ID] = pl.ParcelIDs
	}
	f.ratio = p.landRatios(f.parcels)
	p.gathered = &f
	return f
}

func (f factsSource) of(shapes []raster.Shape) factsFile {
	out := f.base
	out.Plots = make(map[string]plotFacts, len(shapes))
	for _, s := range shapes {
		out.Plots[s.ID] = plotFacts{Declared: f.declaredOn(s.ID), Ratio: f.ratio[s.ID]}
	}
	return out
}

// declaredOn is what is declared on a plot (all its parcels agree) or parcel.
func (f factsSource) declaredOn(id string) []string {
	ids := f.parcels[id]
	if len(ids) == 0 {
		ids = []string{id}
	}
	return f.declared[ids[0]]
}

// declaredInOrder are the crops declared for the season by parcel, in order of
// planting day, then name.
func (p *plan) declaredInOrder() map[string][]string {
	ds := append([]scoring.Declaration(nil), p.records.Declarations...)
	sort.SliceStable(ds, func(i, j int) bool {
		if ds[i].Planting != ds[j].Planting {
			return ds[i].Planting.Before(ds[j].Planting)
		}
		return ds[i].Crop < ds[j].Crop
	})
	out := map[string][]string{}
	for _, d := range ds {
		if d.Season != "" && d.Season != p.cfg.Season.ID {
			continue
		}
		if crops := out[d.ParcelID]; len(crops) == 0 || !slices.Contains(crops, d.Crop) {
			out[d.ParcelID] = append(crops, d.Crop)
		}
	}
	return out
}

// recentYears of statistics make the expected yield: yields rise, and the mean
// of all years lags (docs/evaluation/yield.md). Their spread is of all years.
const recentYears = 3

func mean(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// countyYields are the county's statistics by crop, before the season.
func (p *plan) countyYields() map[string]models.CountyYield {
	byCrop := map[string][]scoring.Statistic{}
	for _, s := range p.records.Statistics {
		if s.Year < p.cfg.Season.End.Year && (s.County == "" || s.County == p.cfg.County) {
			byCrop[s.Crop] = append(byCrop[s.Crop], s)
		}
	}
	out := map[string]models.CountyYield{}
	for crop, rows := range byCrop {
		sort.Slice(rows, func(i, j int) bool {
			return rows[i].Year < rows[j].Year || rows[i].Year == rows[j].Year && rows[i].Yield < rows[j].Yield
		})
		kg := make([]float64, len(rows))
		for i, r := range rows {
			kg[i] = float64(r.Yield) / 10
		}
		cy := models.CountyYield{Crop: crop, Years: len(rows), MeanKg: mean(kg[max(0, len(kg)-recentYears):]), Source: rows[len(rows)-1].Source}
		if len(rows) > 1 {
			all, squares := mean(kg), 0.0
			for _, v := range kg {
				squares += (v - all) * (v - all)
			}
			cy.SDKg = math.Sqrt(squares / float64(len(kg)-1))
		}
		out[crop] = cy
	}
	return out
}

// landRatios compare the land's own past yields with the county's of the same
// year and crop, averaged over parcels and seasons. Only yields that rest on
// imagery say something of the land itself.
func (p *plan) landRatios(parcelsOf map[string][]string) map[string]map[string]float64 {
	stat := map[string]map[int]float64{}
	for _, s := range p.records.Statistics {
		if stat[s.Crop] == nil {
			stat[s.Crop] = map[int]float64{}
		}
		stat[s.Crop][s.Year] = float64(s.Yield) / 10
	}
	out := map[string]map[string]float64{}
	for id, ids := range parcelsOf {
		sum, n := map[string]float64{}, map[string]float64{}
		for _, run := range p.history {
			end, err := parcels.ParseDate(run.info.To)
			if err != nil {
				continue
			}
			for _, pid := range ids {
				for _, c := range run.cycles[pid] {
					county := stat[c.YieldCrop][end.Year]
					if !c.Assessable || c.YieldP50 == nil || county <= 0 || c.YieldBasis == "county statistics" {
						continue
					}
					sum[c.YieldCrop] += *c.YieldP50 / county
					n[c.YieldCrop]++
				}
			}
		}
		for _, crop := range sortedKeys(sum) {
			if out[id] == nil {
				out[id] = map[string]float64{}
			}
			out[id][crop] = round(sum[crop]/n[crop], 1e-3)
		}
	}
	return out
}
