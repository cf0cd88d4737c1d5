package scoring

import "slices"

// LandArea is what each witness says of the area of a plot, or of all land of a
// grower (PlotID empty), and what counts. An area of 0 means that the witness
// says nothing. Contract, Surveyed and Claimed are sums over the parcels of
// which the witness speaks.
type LandArea struct {
	GrowerID string
	PlotID   string
	Parcels  int
	Contract Area // contracts in force
	Leased   Area // transfers to the grower in force
	Surveyed Area // SCMJ of the registry
	Claimed  Area // what the grower declares of the season
	Drawn    Area // polygons that he drew or walked, whole claims only
	Polygon  Area // of the registry's outlines
	// Seen from space is an interval: pixels wholly within the plot that show
	// growth, and those with the rim that is shared with the neighbours. Seen =
	// false: the land cannot be judged.
	Seen              bool
	SeenLow, SeenHigh Area
	// Counts is the smallest area that a witness of the credit policy vouches
	// for, parcel by parcel; CountedBy names the witnesses that were smallest.
	Counts    Area
	CountedBy []string
}

// pixelArea is a 10 m pixel.
const pixelArea Area = 100_00

// Witnesses says of every plot and of every grower what each witness says of
// the area (sorted by grower and plot, a grower's sum first), and how the
// witnesses agree.
func Witnesses(ev *CountyEvidence, cp *CreditPolicy) ([]LandArea, []Agreement) {
	return newIndex(ev).witnesses(cp)
}

// JudgeWithWitnesses is Judge and Witnesses, with the evidence sorted once.
func JudgeWithWitnesses(ev *CountyEvidence, cp *CreditPolicy) ([]Finding, []Decision, []LandArea, []Agreement) {
	x := newIndex(ev)
	findings := crossCheck(x, cp)
	decisions := x.decideAll(cp, findings)
	areas, agreements := x.witnesses(cp)
	return findings, decisions, areas, agreements
}

func (x *index) witnesses(cp *CreditPolicy) (areas []LandArea, agreements []Agreement) {
	d := x.desk(cp)
	for n, g := range x.growers.list {
		plots := x.plots.growers.at(int32(n))
		if g == "" || len(plots) == 0 {
			continue
		}
		b := d.book(d.applicant(d.base, int32(n)))
		sum := len(areas)
		areas = append(areas, LandArea{GrowerID: g, Seen: true})
		for _, p := range plots {
			a := d.areaOf(b, g, p)
			areas = append(areas, a)
			areas[sum].take(a)
			agreements = append(agreements, x.agreements(b.CreditPolicy, g, p, a)...)
		}
		if o := x.drawn.of[g]; o != nil { // whole, also those on several plots
			areas[sum].Drawn = 0
			for _, i := range o.claims {
				areas[sum].Drawn += x.drawn.claims[i].Area
			}
		}
		slices.Sort(areas[sum].CountedBy)
		areas[sum].CountedBy = slices.Compact(areas[sum].CountedBy)
	}
	return areas, agreements
}

// take adds a plot to a grower's sum; one plot that cannot be judged leaves the
// sum of what is seen open.
func (s *LandArea) take(a LandArea) {
	s.Parcels += a.Parcels
	s.Contract += a.Contract
	s.Leased += a.Leased
	s.Surveyed += a.Surveyed
	s.Claimed += a.Claimed
	s.Drawn += a.Drawn
	s.Polygon += a.Polygon
	s.SeenLow += a.SeenLow
	s.SeenHigh += a.SeenHigh
	s.Counts += a.Counts
	s.CountedBy = append(s.CountedBy, a.CountedBy...)
	if s.Seen = s.Seen && a.Seen; !s.Seen {
		s.SeenLow, s.SeenHigh = 0, 0
	}
}

// areaOf is the area of one plot by each witness.
func (d *desk) areaOf(b *rulebook, grower string, p *SeenPlot) LandArea {
	x := d.index
	a := LandArea{GrowerID: grower, PlotID: p.PlotID, Parcels: len(p.ParcelIDs)}
	hidden := false // by a crop that nobody can judge from above
	for _, id := range p.ParcelIDs {
		land := x.parcel(id)
		a.Surveyed += land.surveyed
		a.Polygon += land.drawn
		var contract, leased, claimed Area
		for _, c := range x.contracts.on(id) {
			if v := AreaOfM2(c.AreaM2); c.ValidOn(x.ev.AsOf) && v > 0 && (contract == 0 || v < contract) {
				contract = v
			}
		}
		for _, t := range x.transfers.on(id) {
			if v := AreaOfM2(t.AreaM2); t.To == grower && t.ValidOn(x.ev.AsOf) && v > 0 && (leased == 0 || v < leased) {
				leased = v
			}
		}
		for _, s := range x.declarations.on(id) {
			if s.GrowerID != grower || !x.thisSeason(s.Season) {
				continue
			}
			claimed = max(claimed, s.Area)
			hidden = hidden || b.unseen(s.Crop)
		}
		a.Contract, a.Leased, a.Claimed = a.Contract+contract, a.Leased+leased, a.Claimed+claimed
		least := d.lowerBound(b, grower, x.parcels.of(id), claimed, p)
		a.Counts += least.area
		if least.witness != "" && !slices.Contains(a.CountedBy, least.witness) {
			a.CountedBy = append(a.CountedBy, least.witness)
		}
	}
	slices.Sort(a.CountedBy)
	if b.witness.seen && p.Area > 0 && a.Counts > p.Area {
		a.Counts = p.Area
	}
	if o := x.drawn.of[grower]; o != nil {
		for _, i := range o.claims {
			if c := &x.drawn.claims[i]; len(c.Parcels) > 0 && within(c.Parcels, p.ParcelIDs) {
				a.Drawn += c.Area
			}
		}
	}
	if !hidden {
		a.seenOf(p)
	}
	return a
}

// seenOf sets the interval that imagery gives. Pixels wholly within say what
// they show; the rim is mixed, and may show it or not.
func (a *LandArea) seenOf(p *SeenPlot) {
	whole := a.Polygon
	if p.Area > 0 {
		whole = p.Area
	}
	inside := min(Area(p.InsidePixels)*pixelArea, whole)
	switch {
	case !p.Assessable:
		return
	case p.Vegetated || len(p.Cycles) > 0:
		a.Seen, a.SeenLow, a.SeenHigh = true, inside, whole
	default:
		a.Seen, a.SeenLow, a.SeenHigh = true, 0, whole-inside
	}
}

// within reports whether every one of a list stands in another; both sorted.
func within(some, all []string) bool {
	for _, s := range some {
		if _, ok := slices.BinarySearch(all, s); !ok {
			return false
		}
	}
	return true
}
