package scoring

import (
	"slices"
	"strings"
)

// Agreement is one subject on which witnesses of several kinds speak: what the
// grower says himself (self), the county's offices (government), insurers,
// lenders and buyers (partner), and imagery (satellite). Empty = says nothing.
type Agreement struct {
	GrowerID string
	PlotID   string
	Subject  string // crop, area
	Says     [4]string
	Agree    []string // pairs, "self-government"
	Differ   []string
}

// WitnessKinds are the four kinds, in the order of Agreement.Says.
var WitnessKinds = [4]string{"self", "government", "partner", "satellite"}

// compare fills the pairs of those who speak.
func (a *Agreement) compare(agrees func(i, j int) bool) {
	for i := range a.Says {
		for j := i + 1; j < len(a.Says); j++ {
			if a.Says[i] == "" || a.Says[j] == "" {
				continue
			}
			pair := WitnessKinds[i] + "-" + WitnessKinds[j]
			if agrees(i, j) {
				a.Agree = append(a.Agree, pair)
			} else {
				a.Differ = append(a.Differ, pair)
			}
		}
	}
}

func (x *index) agreements(cp *CreditPolicy, grower string, p *SeenPlot, area LandArea) (out []Agreement) {
	if a := x.cropsSaid(cp, grower, p); len(a.Agree)+len(a.Differ) > 0 {
		out = append(out, a)
	}
	if a := x.areasSaid(cp, grower, p, area); len(a.Agree)+len(a.Differ) > 0 {
		out = append(out, a)
	}
	return out
}

// cropsSaid: self declares, the government's subsidies and the partner's
// policies name crops, imagery sees them. Two agree where one of the crops, or
// one of its group, is the other's.
func (x *index) cropsSaid(cp *CreditPolicy, grower string, p *SeenPlot) Agreement {
	var said [4][]string
	for _, id := range p.ParcelIDs {
		for _, d := range x.declarations.on(id) {
			if d.GrowerID == grower && x.thisSeason(d.Season) {
				said[0] = append(said[0], d.Crop)
			}
		}
		for _, s := range x.subsidies.on(id) {
			if s.GrowerID == grower && x.thisSeason(s.Season) {
				said[1] = append(said[1], s.Crop)
			}
		}
		for _, i := range x.policies.on(id) {
			if i.GrowerID == grower && x.insures(cp, i) {
				said[2] = append(said[2], i.Crop)
			}
		}
	}
	for i := range p.Cycles {
		if c := &p.Cycles[i]; c.Assessable && c.Crop != "" {
			said[3] = append(said[3], c.Crop)
		}
	}
	a := Agreement{GrowerID: grower, PlotID: p.PlotID, Subject: "crop"}
	for i := range said {
		said[i] = unique(said[i])
		a.Says[i] = strings.Join(said[i], "+")
	}
	a.compare(func(i, j int) bool {
		return slices.ContainsFunc(said[i], func(crop string) bool { return cp.agrees(crop, said[j]) })
	})
	return a
}

// areasSaid: two areas agree within the credit policy's line for contract and
// survey; an interval agrees with what lies in it, as widened by that line.
func (x *index) areasSaid(cp *CreditPolicy, grower string, p *SeenPlot, area LandArea) Agreement {
	var low, high [4]Area
	set := func(i int, lo, hi Area) {
		if hi > 0 {
			low[i], high[i] = lo, hi
		}
	}
	self := area.Claimed
	if self == 0 {
		self = area.Drawn
	}
	set(0, self, self)
	government := [2]Area{area.Contract, area.Surveyed}
	if government[0] == 0 || government[1] > 0 && government[1] < government[0] {
		government[0], government[1] = government[1], government[0]
	}
	set(1, government[0], max(government[0], government[1]))
	var insured Area
	named := map[string]bool{}
	for _, id := range p.ParcelIDs {
		for _, i := range x.policies.on(id) {
			if i.GrowerID == grower && !named[i.PolicyID] && x.insures(cp, i) && within(i.ParcelIDs, p.ParcelIDs) {
				named[i.PolicyID] = true
				insured = max(insured, i.Area)
			}
		}
	}
	set(2, insured, insured)
	if area.Seen {
		set(3, area.SeenLow, area.SeenHigh)
	}
	a := Agreement{GrowerID: grower, PlotID: p.PlotID, Subject: "area"}
	for i := range low {
		switch {
		case high[i] == 0:
		case low[i] == high[i]:
			a.Says[i] = Mu(high[i])
		default:
			a.Says[i] = strings.TrimSuffix(Mu(low[i]), " mu") + "–" + Mu(high[i])
		}
	}
	a.compare(func(i, j int) bool {
		return !over(int64(low[i]), int64(high[j]), cp.Thresholds.ContractArea) && !over(int64(low[j]), int64(high[i]), cp.Thresholds.ContractArea)
	})
	return a
}
