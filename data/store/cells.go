package store

import (
	"cmp"
	"maps"
	"slices"
)

// A landCell is a sum over the land of a place, crop and growth grade, or of all
// places, crops or grades. Cells add up to others, so one that rests on few
// growers is hidden together with another of each line in which it stands.
type landCell struct {
	Growers, Plots      int64
	AreaM2              float64
	YieldGrowers        int64
	YieldM2, YieldKg    float64
	BareGrowers         int64 // with land of the cell that has no yield
	hidden, yieldHidden bool

	few, yieldFew                         []string // the first LeastGrowers of Growers and of YieldGrowers
	grower, plot, yieldGrower, bareGrower string   // met last
}

// landPiece is a parcel, with what stands on its plot.
type landPiece struct {
	town, village, crop string // towns and villages "" = its code names none
	grade               int32  // 0 = none
	grower, plot        string // grower "" = not known
	m2                  float64
	kg                  *float64 // per mu
}

// addTo adds a piece to the cells in which it lies: the county, its town and its
// village, each over all crops, by crop, and by crop and grade. Pieces of a grower, and
// within them those of a plot, come one after the other.
func (p *landPiece) addTo(cells map[cellKey]*landCell) {
	places := [3]string{"", p.town, p.village}
	if p.town == "" {
		places = [3]string{"", nowhere, nowhere + nowhere}
	}
	for _, place := range places {
		for _, k := range [3]cellKey{{place, "", anyGrade}, {place, p.crop, anyGrade}, {place, p.crop, p.grade}} {
			c := cells[k]
			if c == nil {
				c = &landCell{}
				cells[k] = c
			}
			c.AreaM2 += p.m2
			if p.grower != "" && p.grower != c.grower {
				c.Growers, c.grower = c.Growers+1, p.grower
				if len(c.few) < LeastGrowers {
					c.few = append(c.few, p.grower)
				}
			}
			if p.plot != c.plot {
				c.Plots, c.plot = c.Plots+1, p.plot
			}
			if p.kg == nil {
				if p.grower != "" && p.grower != c.bareGrower {
					c.BareGrowers, c.bareGrower = c.BareGrowers+1, p.grower
				}
				continue
			}
			c.YieldM2, c.YieldKg = c.YieldM2+p.m2, c.YieldKg+*p.kg*(p.m2/mu)
			if p.grower != "" && p.grower != c.yieldGrower {
				c.YieldGrowers, c.yieldGrower = c.YieldGrowers+1, p.grower
				if len(c.yieldFew) < LeastGrowers {
					c.yieldFew = append(c.yieldFew, p.grower)
				}
			}
		}
	}
}

// cellKey names a cell: place "" is the county, crop "" all crops.
type cellKey struct {
	place, crop string
	grade       int32
}

const (
	anyGrade = -1
	nowhere  = "-" // land whose code names no town
)

func (a cellKey) compare(b cellKey) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.crop, b.crop), cmp.Compare(a.grade, b.grade))
}

// above is the same place's cell of which a cell is a part: of a grade the crop, of
// a crop all of them; of that itself.
func (a cellKey) above() cellKey {
	if a.grade != anyGrade {
		return cellKey{a.place, a.crop, anyGrade}
	}
	return cellKey{a.place, "", anyGrade}
}

// above is the place in which a place lies.
func above(place string) string {
	switch {
	case len(place) == 12:
		return place[:9]
	case place == nowhere+nowhere:
		return nowhere
	}
	return ""
}

// linesOf are the sums: each line is a whole, then its parts.
func linesOf(cells map[cellKey]*landCell) [][]cellKey {
	parts := map[[2]cellKey][]cellKey{} // whole, and along what it is parted
	add := func(along string, whole, part cellKey) {
		at := [2]cellKey{whole, {place: along}}
		if cells[whole] == nil {
			return
		}
		if parts[at] == nil {
			parts[at] = []cellKey{whole}
		}
		parts[at] = append(parts[at], part)
	}
	for _, k := range slices.SortedFunc(maps.Keys(cells), cellKey.compare) {
		if k.place != "" {
			add("place", cellKey{above(k.place), k.crop, k.grade}, k)
		}
		if up := k.above(); up != k {
			add("kind", up, k)
		}
	}
	keys := slices.SortedFunc(maps.Keys(parts), func(a, b [2]cellKey) int { return cmp.Or(a[0].compare(b[0]), a[1].compare(b[1])) })
	var out [][]cellKey
	for _, k := range keys {
		out = append(out, parts[k])
	}
	return out
}

// cropsOf are the crops of a place that may be told, the largest first.
func cropsOf(cells map[cellKey]*landCell, place string) []CropSum {
	out := []CropSum{}
	for _, k := range slices.SortedFunc(maps.Keys(cells), cellKey.compare) {
		c := cells[k]
		if k.place != place || k.crop == "" || k.grade != anyGrade || c.hidden {
			continue
		}
		sum := CropSum{Crop: k.crop, Growers: c.Growers, Plots: c.Plots, AreaM2: c.AreaM2, Grades: []GradeSum{}}
		for g := range int32(6) {
			if part := cells[cellKey{place, k.crop, g}]; part != nil && !part.hidden {
				sum.Grades = append(sum.Grades, GradeSum{g, part.AreaM2})
			}
		}
		if c.YieldM2 > 0 && !c.yieldHidden {
			perMu := c.YieldKg / (c.YieldM2 / mu)
			sum.YieldKg, sum.YieldMu, sum.YieldM2 = &c.YieldKg, &perMu, &c.YieldM2
		}
		out = append(out, sum)
	}
	slices.SortStableFunc(out, func(a, b CropSum) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
	return out
}
