package parcels

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// ClaimShare is the part of a claim that lies on one registry parcel.
type ClaimShare struct {
	Claim    int // place in the list of claims
	ParcelID string
	AreaM2   float64 // on the ellipsoid
}

// ClaimPair is land that two claims both hold, A before B in the list.
type ClaimPair struct {
	A, B   int
	AreaM2 float64
}

// leastLie of either side that two outlines must share to be named: less is
// how borders are drawn.
const leastLie = 0.005

// LieOf says how claims lie on the registry's parcels and on each other.
// Shares are sorted by claim and parcel, pairs by A and B. Parcels that overlap
// in the registry count each for itself.
func LieOf(claims []Claim, ps []Parcel) (shares []ClaimShare, pairs []ClaimPair) {
	if len(claims) == 0 {
		return nil, nil
	}
	all := make([]Parcel, 0, len(claims)+len(ps))
	for _, c := range claims {
		all = append(all, Parcel{ID: c.ClaimID, Polygon: c.Polygon, AreaM2: c.AreaM2})
	}
	all = append(all, ps...)
	n := len(claims)
	eachOverlap(all, leastLie, func(i, _ int) bool { return i < n }, func(i, j int, o Overlap) {
		if j < n {
			pairs = append(pairs, ClaimPair{i, j, o.AreaM2})
			return
		}
		shares = append(shares, ClaimShare{i, all[j].ID, o.AreaM2})
	})
	sort.Slice(shares, func(a, b int) bool {
		return shares[a].Claim < shares[b].Claim || shares[a].Claim == shares[b].Claim && shares[a].ParcelID < shares[b].ParcelID
	})
	sort.Slice(pairs, func(a, b int) bool {
		return pairs[a].A < pairs[b].A || pairs[a].A == pairs[b].A && pairs[a].B < pairs[b].B
	})
	return shares, pairs
}

// earthRadius is the mean radius of the earth (IUGG R1), in metres.
const earthRadius = 6_371_008.8

// DistanceM is the way over the sphere between two points of longitude and
// latitude, in metres (haversine formula; within 0.6 % of the ellipsoid's).
func DistanceM(a, b orb.Point) float64 {
	rad := math.Pi / 180
	lat := math.Sin((b[1] - a[1]) * rad / 2)
	lon := math.Sin((b[0] - a[0]) * rad / 2)
	h := lat*lat + math.Cos(a[1]*rad)*math.Cos(b[1]*rad)*lon*lon
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}
