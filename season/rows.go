package season

import (
	"math/big"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// FindingRow is a finding as it stands in findings.csv.
func FindingRow(f scoring.Finding) rundir.Finding { return findingRows([]scoring.Finding{f})[0] }

func findingRows(fs []scoring.Finding) []rundir.Finding {
	out := make([]rundir.Finding, len(fs))
	for i, f := range fs {
		var numbers []string
		for _, n := range f.Numbers {
			numbers = append(numbers, n.Name+"="+n.Value)
		}
		out[i] = rundir.Finding{GrowerID: f.GrowerID, ParcelID: f.ParcelID, Code: f.Code, Severity: f.Severity, Detail: f.Detail,
			DetailZH: f.DetailZH, Numbers: strings.Join(numbers, "; "), Witnesses: strings.Join(f.Witnesses, "; ")}
	}
	return out
}

// DecisionRow is a decision as it stands in decisions.parquet.
func DecisionRow(d scoring.Decision) rundir.Decision { return decisionRows([]scoring.Decision{d})[0] }

func decisionRows(ds []scoring.Decision) []rundir.Decision {
	out := make([]rundir.Decision, len(ds))
	for i, d := range ds {
		var reasons, used []string
		for _, r := range d.Reasons {
			reasons = append(reasons, r.Code)
		}
		for _, m := range sortedKeys(d.Models) {
			used = append(used, m+"@"+d.Models[m])
		}
		out[i] = rundir.Decision{DecisionID: d.ID, GrowerID: d.GrowerID, County: d.County, Season: d.Season, AsOf: d.AsOf.String(),
			Outcome: d.Outcome, LimitFen: int64(d.Limit), Binding: d.Binding, TenorEnd: d.TenorEnd.String(), RateBP: int32(d.RateBP),
			Reasons: strings.Join(reasons, ";"), RestsOn: d.RestsOn, AreaMu: muOf(d.Area), Plots: strings.Join(d.Plots, ";"),
			CreditPolicy: d.CreditPolicy, Models: strings.Join(used, ";"),
			Trace:    string(d.TraceJSON()),
			Evidence: d.Evidence}
	}
	return out
}

// muOf shows an area in mu with two decimals, rounded half up from exact
// integers: mu = hundredths of m² × 3 / 200 000.
func muOf(a scoring.Area) float64 {
	f, _ := big.NewRat((int64(a)*3+1000)/2000, 100).Float64()
	return f
}

var landFields = []vector.Field{
	{Name: "parcel_id", Type: vector.String}, {Name: "plot_id", Type: vector.String}, {Name: "area_mu", Type: vector.Float},
	{Name: "grower_id", Type: vector.String}, {Name: "cycle", Type: vector.Int},
	{Name: "emergence", Type: vector.String}, {Name: "peak", Type: vector.String},
	{Name: "harvest_p25", Type: vector.String}, {Name: "harvest_p50", Type: vector.String}, {Name: "harvest_p75", Type: vector.String},
	{Name: "crop", Type: vector.String}, {Name: "crop_probability", Type: vector.Float}, {Name: "crop_declared", Type: vector.String},
	{Name: "growth_grade", Type: vector.Int},
	{Name: "yield_p10_kg_mu", Type: vector.Float}, {Name: "yield_p25_kg_mu", Type: vector.Float},
	{Name: "yield_p50_kg_mu", Type: vector.Float}, {Name: "yield_p90_kg_mu", Type: vector.Float},
	{Name: "assessable", Type: vector.Int}, {Name: "reason", Type: vector.String}, {Name: "unread", Type: vector.String},
	{Name: "assumed", Type: vector.String},
}

func (p *plan) landFeature(pc parcels.Parcel, plotID string, mu float64, c rundir.Cycle) vector.Feature {
	num := func(v *float64) any {
		if v == nil {
			return nil
		}
		return *v
	}
	var grade any
	if c.GrowthGrade != nil {
		grade = int64(*c.GrowthGrade)
	}
	assessable := int64(0)
	if c.Assessable {
		assessable = 1
	}
	return vector.Feature{Polygon: pc.Polygon, Values: []any{
		pc.ID, plotID, mu, p.farmers[pc.ID].GrowerID, int64(c.Cycle), c.Emergence, c.Peak, c.HarvestP25, c.HarvestP50, c.HarvestP75,
		c.Crop, num(c.CropProbability), c.CropDeclared, grade, num(c.YieldP10), num(c.YieldP25), num(c.YieldP50), num(c.YieldP90),
		assessable, c.Reason, c.Unread, assumed(pc),
	}}
}

// assumed is what was taken for granted of a parcel's coordinates.
func assumed(pc parcels.Parcel) string { return strings.Join(pc.Assumed, ";") }
