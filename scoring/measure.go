package scoring

import (
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// What is measured on the map stands here, at the border: from these rows on
// there are whole numbers and no shapes.

// MeasureClaims lays the season's claims on the registry's parcels and on each
// other, and takes the polygons out of the evidence's records: a walked track
// is nobody's business later. Parcels, Farmers and Records.Claims must stand.
func (ev *CountyEvidence) MeasureClaims() {
	all := ev.Records.Claims
	var claims []parcels.Claim
	ev.Records.Claims, ev.Claims, ev.ClaimPairs = nil, nil, nil
	for _, c := range all {
		if c.Season == "" || c.Season == ev.SeasonID {
			claims = append(claims, c)
		}
		c.Polygon = nil
		ev.Records.Claims = append(ev.Records.Claims, c)
	}
	if len(claims) == 0 {
		return
	}
	land := make([]parcels.Parcel, 0, len(ev.Parcels))
	for _, id := range sortedKeys(ev.Parcels) {
		land = append(land, ev.Parcels[id])
	}
	shares, pairs := parcels.LieOf(claims, land)
	for _, c := range claims {
		ev.Claims = append(ev.Claims, ClaimOnLand{ClaimID: c.ClaimID, GrowerID: c.GrowerID, Source: c.Source, Method: c.Method, Area: AreaOfM2(c.AreaM2)})
	}
	for _, s := range shares {
		c := &ev.Claims[s.Claim]
		c.Parcels = append(c.Parcels, s.ParcelID)
		switch ev.Farmers[s.ParcelID].GrowerID {
		case "":
		case c.GrowerID:
			c.Own = min(c.Area, c.Own+AreaOfM2(s.AreaM2))
		default:
			c.Others = min(c.Area, c.Others+AreaOfM2(s.AreaM2))
		}
	}
	for _, s := range pairs {
		a, b := claims[s.A], claims[s.B]
		if a.GrowerID != b.GrowerID {
			ev.ClaimPairs = append(ev.ClaimPairs, ClaimPair{ClaimA: a.ClaimID, ClaimB: b.ClaimID, GrowerA: a.GrowerID, GrowerB: b.GrowerID,
				SourceA: a.Source, SourceB: b.Source, AreaA: AreaOfM2(a.AreaM2), AreaB: AreaOfM2(b.AreaM2), Area: AreaOfM2(s.AreaM2)})
		}
	}
}

// villageDigits of a registry code name the village: county 6, town 3, village 3.
const villageDigits = 12

// MeasureHomes finds how far each farmer's home village, of several the nearest,
// lies from his land.
// places are villages by the first 12 digits of their codes, as far as somebody
// gave their longitude and latitude; another village lies in the middle of the
// parcels whose codes begin with its own.
func (ev *CountyEvidence) MeasureHomes(places map[string]orb.Point) {
	home := map[string][]string{} // who holds land in two counties has two
	for _, p := range ev.Records.People {
		if p.Home != "" {
			home[p.GrowerID] = append(home[p.GrowerID], p.Home)
		}
	}
	for _, p := range ev.Records.People { // members live with their household
		if h := home[p.HouseholdID]; p.Home == "" && p.GrowerID != p.HouseholdID && len(h) > 0 {
			home[p.GrowerID] = append(home[p.GrowerID], h...)
		}
	}
	for g, villages := range home {
		home[g] = unique(villages)
	}
	ev.Homes = nil
	if len(home) == 0 {
		return
	}
	ids := sortedKeys(ev.Parcels)
	at := make([]orb.Point, len(ids))
	type mean struct {
		sum orb.Point
		n   float64
	}
	middles := map[string]mean{}
	for i, id := range ids {
		at[i] = parcels.RepresentativePoint(ev.Parcels[id].Polygon)
		if len(id) >= villageDigits {
			m := middles[id[:villageDigits]]
			middles[id[:villageDigits]] = mean{orb.Point{m.sum[0] + at[i][0], m.sum[1] + at[i][1]}, m.n + 1}
		}
	}
	far := map[string]Home{}
	for i, id := range ids {
		g := ev.Farmers[id].GrowerID
		if g == "" {
			continue
		}
		near := Home{GrowerID: g, ParcelID: id, Metres: -1}
		for _, village := range home[g] {
			from, ok := places[village]
			if m := middles[village]; !ok && m.n > 0 {
				from, ok = orb.Point{m.sum[0] / m.n, m.sum[1] / m.n}, true
			}
			if m := harden(parcels.DistanceM(from, at[i]), 1); ok && (near.Metres < 0 || m < near.Metres) {
				near.Village, near.Metres = village, m
			}
		}
		if h, seen := far[g]; near.Metres >= 0 && (!seen || near.Metres > h.Metres) {
			far[g] = near
		}
	}
	for _, g := range sortedKeys(far) {
		ev.Homes = append(ev.Homes, far[g])
	}
}
