package scoring

import "github.com/parus-lending/parus/parcels"

// holding is one parcel: what the registry says and who farms it.
type holding struct {
	surveyed, drawn Area
	largest         Area // the most that any witness says; 0 = unknown
	basic           bool
	known, farmed   bool
	farmer          parcels.Farmer
	overlaps        []int32
	digest          digest
}

// holdings gathers what is known of each parcel.
func (x *index) holdings() {
	x.land = make([]holding, len(x.parcels.list))
	x.landOfGrower = make([][]int32, len(x.growers.list))
	for i, id := range x.parcels.list {
		h := &x.land[i]
		var p parcels.Parcel
		if p, h.known = x.ev.Parcels[id]; h.known {
			h.surveyed, h.drawn, h.basic = AreaOfM2(p.SurveyedM2), AreaOfM2(p.AreaM2), p.Basic
		}
		h.farmer, h.farmed = x.ev.Farmers[id]
		h.largest = max(h.surveyed, h.drawn)
		for _, c := range x.contracts.land.at(int32(i)) {
			h.largest = max(h.largest, AreaOfM2(c.AreaM2))
		}
		if g := h.farmer.GrowerID; id != "" && g != "" {
			n := x.growers.of(g)
			x.landOfGrower[n] = append(x.landOfGrower[n], int32(i))
		}
	}
	for i, o := range x.overlaps {
		for _, id := range []string{o.A, o.B} {
			if id == "" {
				continue
			}
			h := &x.land[x.parcels.of(id)]
			if n := len(h.overlaps); n == 0 || h.overlaps[n-1] != int32(i) {
				h.overlaps = append(h.overlaps, int32(i))
			}
		}
	}
}

var nowhere holding

// parcel is what is known of one; the empty holding where nothing is.
func (x *index) parcel(id string) *holding {
	if n := x.parcels.of(id); n >= 0 {
		return &x.land[n]
	}
	return &nowhere
}

// largest is the most that any witness says of a parcel's area; 0 = unknown.
func (x *index) largest(parcel string) Area { return x.parcel(parcel).largest }
