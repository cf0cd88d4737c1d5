package scoring

import (
	"slices"

	"github.com/parus-lending/parus/parcels"
)

// Claimed is what the county's checks and decision say of a grower as if a claim
// of his had been among the records.
type Claimed struct {
	Lie      ClaimOnLand
	Land     []LandClaimed // sorted by parcel; land outside the registry is in none
	New      []Finding     // his findings that the claim brings
	Standing []Finding     // those that he has without it
	Decision *Decision     // nil = he has not applied: he is not on the roster
}

// LandClaimed is a registry parcel under a claim.
type LandClaimed struct {
	Parcel   parcels.Parcel // without its polygon
	Area     Area           // of it, under the claim
	OfClaim  Prob           // share of the claim that lies on it
	OfParcel Prob           // share of it that the claim covers
	Farmer   parcels.Farmer // zero = nobody known
	Declared []string       // what the claimant declares on it this season, without the claim
	Plot     *SeenPlot      // whose land it is seen as; nil = of none
}

// A claim speaks for the parcels of which it covers half or more, or on which
// half of it or more lies. What covers nine tenths of a parcel is meant as all of
// it: a line that a finger draws is no survey.
const (
	claimSpeaks = 5_000
	claimWhole  = 9_000
)

// Claimed judges a claim with its polygon, as the batch would with the claim
// among its records, known on as-of. others are claims with polygons near it; land
// the registry's parcels near it with theirs, which the evidence in memory has
// not. Where the claim names a crop, it declares that crop on the parcels it
// speaks for, in the place of what the grower declares there for (most of) the same time.
func (c *County) Claimed(claim parcels.Claim, others []parcels.Claim, land []parcels.Parcel) Claimed {
	x := c.index
	others = slices.Clone(others)
	c.handOver(&claim, others)
	claim.Season = x.ev.SeasonID
	if !claim.KnownOn(x.ev.AsOf) {
		claim.Received = x.ev.AsOf
	}
	near := &CountyEvidence{SeasonID: x.ev.SeasonID, Farmers: x.ev.Farmers, Parcels: map[string]parcels.Parcel{}}
	for _, p := range land {
		near.Parcels[p.ID] = p
	}
	near.Records.Claims = append([]parcels.Claim{claim}, others...)
	near.MeasureClaims()
	out := Claimed{Lie: near.Claims[0], Land: c.landUnder(claim, land)}

	var places []int32
	for _, l := range c.spokenFor(claim, out.Land) {
		if n := x.parcels.of(l.Parcel.ID); n >= 0 {
			places = append(places, n)
		}
	}
	var sown []string
	if claim.Crop != "" {
		sown = []string{claim.Crop}
	}
	ev := x.sliceOn(claim.GrowerID, places, sown)
	ev.Records.Claims = append(ev.Records.Claims, near.Records.Claims[0])
	ev.Claims = append(ev.Claims, out.Lie)
	for _, p := range near.ClaimPairs {
		if p.ClaimA == claim.ClaimID && p.GrowerA == claim.GrowerID {
			ev.ClaimPairs = append(ev.ClaimPairs, p)
		}
	}
	ev.Records.Feeds["claims"] = FeedState{Given: true}
	c.declare(ev, claim, out.Land)

	before, _, _ := c.Judge(claim.GrowerID)
	findings, decisions := Judge(ev, c.cp)
	for _, f := range findings {
		if f.GrowerID != claim.GrowerID {
			continue
		}
		same := func(b Finding) bool { return b.Code == f.Code && b.ParcelID == f.ParcelID && b.Detail == f.Detail }
		if slices.ContainsFunc(before, same) {
			out.Standing = append(out.Standing, f)
		} else {
			out.New = append(out.New, f)
		}
	}
	for i := range decisions {
		if decisions[i].GrowerID == claim.GrowerID {
			out.Decision = &decisions[i]
		}
	}
	return out
}

// Knows reports whether any record or plot of the county names the grower.
func (c *County) Knows(grower string) bool { return grower != "" && c.index.growers.of(grower) >= 0 }

// Grows reports whether the credit policy knows a crop.
func (c *County) Grows(crop string) bool { _, ok := c.cp.Crops[crop]; return ok }

// Parcels are the registry's parcels of the county by ID, without polygons. Nobody
// changes them.
func (c *County) Parcels() map[string]parcels.Parcel { return c.index.ev.Parcels }

// handOver makes claims his who acts for the household of whoever drew them, as
// ActForHouseholds did with the records.
func (c *County) handOver(claim *parcels.Claim, others []parcels.Claim) {
	actor := map[string]string{}
	for e := range c.index.roster.all {
		for _, o := range e.ActsFor {
			actor[o] = e.GrowerID
		}
	}
	give := func(c *parcels.Claim) {
		if who, ok := actor[c.GrowerID]; ok {
			c.GrowerID = who
		}
	}
	give(claim)
	for i := range others {
		give(&others[i])
	}
}

// landUnder lists the parcels that share land with the claim.
func (c *County) landUnder(claim parcels.Claim, land []parcels.Parcel) []LandClaimed {
	x := c.index
	shares, _ := parcels.LieOf([]parcels.Claim{claim}, land)
	at := map[string]parcels.Parcel{}
	for _, p := range land {
		p.Polygon, p.Source = nil, nil
		at[p.ID] = p
	}
	var out []LandClaimed
	for _, s := range shares {
		p := at[s.ParcelID]
		l := LandClaimed{Parcel: p, Area: AreaOfM2(s.AreaM2), Farmer: x.ev.Farmers[p.ID],
			OfClaim: min(1e4, ProbOf(s.AreaM2/claim.AreaM2)), OfParcel: min(1e4, ProbOf(s.AreaM2/p.AreaM2))}
		for _, d := range x.declared(claim.GrowerID, []string{p.ID}) {
			l.Declared = append(l.Declared, d.Crop)
		}
		l.Declared = unique(l.Declared)
		if plots := x.plots.on(p.ID); len(plots) > 0 {
			l.Plot = plots[0]
		}
		out = append(out, l)
	}
	return out
}

// spokenFor are the parcels on which a claim that names a crop declares it.
func (c *County) spokenFor(claim parcels.Claim, land []LandClaimed) (out []LandClaimed) {
	for _, l := range land {
		if claim.Crop != "" && (l.OfParcel >= claimSpeaks || l.OfClaim >= claimSpeaks) {
			out = append(out, l)
		}
	}
	return out
}

// declare adds what the claim declares to the grower's part of the evidence.
func (c *County) declare(ev *CountyEvidence, claim parcels.Claim, land []LandClaimed) {
	now, known := c.cp.Period(claim.Crop, Date{}, ev.SeasonFrom)
	for _, l := range c.spokenFor(claim, land) {
		mine := func(d Declaration) bool {
			return d.GrowerID == claim.GrowerID && d.ParcelID == l.Parcel.ID && (d.Season == "" || d.Season == ev.SeasonID)
		}
		if slices.ContainsFunc(ev.Records.Declarations, func(d Declaration) bool { return mine(d) && c.cp.sameGroup(d.Crop, claim.Crop) }) {
			continue
		}
		ev.Records.Declarations = slices.DeleteFunc(ev.Records.Declarations, func(d Declaration) bool {
			then, ok := c.cp.Period(d.Crop, d.Planting, ev.SeasonFrom)
			return mine(d) && (!ok || !known || 2*overlapDays(then.Planting, then.Harvest, now.Planting, now.Harvest) > min(then.days(), now.days()))
		})
		d := Declaration{Provenance: claim.Provenance, GrowerID: claim.GrowerID, ParcelID: l.Parcel.ID, Season: ev.SeasonID, Crop: claim.Crop}
		if l.OfParcel < claimWhole {
			d.Area = l.Area
		}
		ev.Records.Declarations = append(ev.Records.Declarations, d)
		ev.Records.Feeds["declarations"] = FeedState{Given: true}
	}
}
