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
	Grouping            int32 // bits: town, village, crop, grade are summed over
	Town, Village, Crop string
	Grade               int32
	Growers, Plots      int64
	AreaM2              float64
	YieldGrowers        int64
	YieldM2, YieldKg    float64
	hidden, yieldHidden bool
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

func (c *landCell) key() cellKey {
	k := cellKey{crop: c.Crop, grade: c.Grade}
	switch {
	case c.Grouping&8 != 0: // the county
	case c.Town == "":
		k.place = nowhere
		if c.Grouping&4 == 0 {
			k.place = nowhere + nowhere // the same once more, as a village
		}
	case c.Grouping&4 != 0:
		k.place = c.Town
	default:
		k.place = c.Village
	}
	if c.Grouping&1 != 0 {
		k.grade = anyGrade
	}
	return k
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
		if k.crop != "" {
			add("crop", cellKey{k.place, "", k.grade}, k)
		}
		if k.grade != anyGrade {
			add("grade", cellKey{k.place, k.crop, anyGrade}, k)
		}
	}
	keys := slices.SortedFunc(maps.Keys(parts), func(a, b [2]cellKey) int { return cmp.Or(a[0].compare(b[0]), a[1].compare(b[1])) })
	var out [][]cellKey
	for _, k := range keys {
		out = append(out, parts[k])
	}
	return out
}

// hide marks cells that rest on fewer than LeastGrowers growers, and then in
// every line with one hidden cell a second, the smallest part before the whole,
// until no hidden cell is the difference of shown ones. growers says on how many
// a cell rests, and whether there is anything in it.
func hide(cells map[cellKey]*landCell, lines [][]cellKey, growers func(*landCell) (n int64, there bool), mark func(*landCell)) {
	hidden := map[cellKey]bool{}
	for k, c := range cells {
		if n, there := growers(c); there && n < LeastGrowers {
			hidden[k] = true
		}
	}
	for again := true; again; {
		again = false
		for _, line := range lines {
			n, second, least := 0, -1, int64(0)
			for i, k := range line {
				has, there := growers(cells[k])
				switch {
				case !there:
				case hidden[k]:
					n++
				case second < 0 || second == 0 || i > 0 && has < least:
					second, least = i, has
				}
			}
			if n == 1 && second >= 0 {
				hidden[line[second]], again = true, true
			}
		}
	}
	for k := range hidden {
		mark(cells[k])
	}
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
