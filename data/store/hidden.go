package store

import (
	"maps"
	"slices"
)

// Which cells of a table are hidden. Those that rest on few growers are; but sums
// of shown cells may be taken from each other, over places and kinds of land at
// once. Two rules keep what that could find out:
//
//   - What is hidden of a line (a whole and its parts) is all of its parts, or rests
//     on LeastGrowers growers or more: the line's difference is no small group.
//   - Each small cell stands in a rectangle: two villages by two kinds of land, its
//     own and another. Land may move round it, more here and as much less there,
//     and of all cells only hidden ones change. So no combination of shown cells,
//     however clever, says what the small one holds.
//
// The second is the hypercube rule of statistical offices (Giessing and Repsilber,
// 2002), for a table of two trees: places, and kinds of land (all, crop, grade).
type hiding struct {
	cells    map[cellKey]*landCell
	lines    [][]cellKey
	hidden   map[cellKey]bool
	growers  func(*landCell) int64
	few      func(*landCell) []string
	wholes   map[cellKey]bool     // cells of parts
	leaves   []cellKey            // cells of no parts: a village's land of a kind
	villages map[string][]cellKey // leaves by place
	places   []string             // of leaves
}

// hide marks the cells that are not told. growers says on how many a cell rests, the
// first LeastGrowers of them, and whether there is anything in it.
func hide(cells map[cellKey]*landCell, growers func(*landCell) (n int64, few []string, there bool), mark func(*landCell)) {
	h := hiding{cells: map[cellKey]*landCell{}, hidden: map[cellKey]bool{}, wholes: map[cellKey]bool{}, villages: map[string][]cellKey{}, growers: func(c *landCell) int64 { n, _, _ := growers(c); return n },
		few: func(c *landCell) []string { n, few, _ := growers(c); return few[:min(n, int64(len(few)))] }}
	for k, c := range cells {
		if _, _, there := growers(c); there {
			h.cells[k] = c
		}
	}
	h.lines = linesOf(h.cells)
	for _, line := range h.lines {
		h.wholes[line[0]] = true
	}
	var small []cellKey
	for _, k := range slices.SortedFunc(maps.Keys(h.cells), cellKey.compare) {
		if h.growers(h.cells[k]) < LeastGrowers {
			small = append(small, k)
			h.hidden[k] = true
		}
		if !h.wholes[k] {
			h.leaves = append(h.leaves, k)
			h.villages[k.place] = append(h.villages[k.place], k)
		}
	}
	h.places = slices.Sorted(maps.Keys(h.villages))
	h.keepLines()
	for _, k := range small {
		h.shelter(k)
	}
	h.keepLines()
	for k := range h.hidden {
		mark(h.cells[k])
	}
}

// keepLines hides parts of lines until the first rule holds; a hidden whole has
// hidden parts too.
func (h *hiding) keepLines() {
	for again := true; again; {
		again = false
		for _, line := range h.lines {
			any, least, of := h.hidden[line[0]], -1, map[string]bool{}
			for i, k := range line[1:] {
				switch c := h.cells[k]; {
				case h.hidden[k]:
					any = true
					for _, grower := range h.few(c) {
						of[grower] = true
					}
				case least < 0 || h.growers(c) < h.growers(h.cells[line[least]]):
					least = i + 1
				}
			}
			if any && len(of) < LeastGrowers && least > 0 {
				h.hidden[line[least]], again = true, true
			}
		}
	}
}

// shelter hides what lets land move in and out of a small cell unseen, the way
// that takes least from sight.
func (h *hiding) shelter(small cellKey) {
	var best []cellKey
	cost := int64(-1)
	leaves := h.leaves
	if !h.wholes[small] {
		leaves = []cellKey{small}
	}
	for _, leaf := range leaves {
		if cost == 0 {
			break
		}
		if leaf.within(small) {
			h.rectangles(small, leaf, func(corners ...corner) (enough bool) {
				least := int64(0)
				for _, c := range corners {
					least += h.price(c.at)
				}
				if cost >= 0 && least >= cost { // the corners alone take as much
					return false
				}
				changed, sum := changes(corners), int64(0)
				for _, k := range changed {
					sum += h.price(k)
				}
				if cost < 0 || sum < cost {
					best, cost = changed, sum
				}
				return cost == 0
			})
		}
	}
	for _, k := range best {
		h.hidden[k] = true
	}
}

// price is what hiding a cell takes from sight.
func (h *hiding) price(k cellKey) int64 {
	if h.hidden[k] {
		return 0
	}
	return 1 + h.growers(h.cells[k])
}

// changes are the cells that change with the corners.
func changes(corners []corner) (changed []cellKey) {
	by := map[cellKey]int{}
	for _, c := range corners {
		for place := c.at.place; ; place = above(place) {
			for k := (cellKey{place, c.at.crop, c.at.grade}); ; k = k.above() {
				by[k] += c.by
				if k.above() == k {
					break
				}
			}
			if place == "" {
				break
			}
		}
	}
	for k, n := range by {
		if n != 0 {
			changed = append(changed, k)
		}
	}
	return changed
}

// rectangles tries the ways in which land can move between a leaf of the small
// cell and others outside it: to another village and back as another kind of land,
// where there is one; nearest first, and farther only where there is no nearer.
func (h *hiding) rectangles(small, leaf cellKey, try func(...corner) (enough bool)) {
	there := func(place string, kind cellKey) (cellKey, bool) {
		k := cellKey{place, kind.crop, kind.grade}
		return k, h.cells[k] != nil
	}
	// The other kinds in the leaf's village.
	kinds := slices.DeleteFunc(slices.Clone(h.villages[leaf.place]), func(k cellKey) bool { return cellKey{small.place, k.crop, k.grade}.within(small) })
	found := false
	for _, sameTown := range [2]bool{true, false} {
		for _, v := range h.places {
			across, is := there(v, leaf)
			if !is || (above(v) == above(leaf.place)) != sameTown || (cellKey{v, small.crop, small.grade}).within(small) {
				continue
			}
			if small.crop == "" { // of all kinds one is enough
				found = true
				if try(corner{leaf, 1}, corner{across, -1}) {
					return
				}
				continue
			}
			for _, k := range kinds {
				if back, is := there(v, k); is {
					found = true
					if try(corner{leaf, 1}, corner{k, -1}, corner{across, -1}, corner{back, 1}) {
						return
					}
				}
			}
		}
		if found {
			return
		}
	}
	// No rectangle: land may move to any other kind or place, and sums above change too.
	for _, k := range kinds {
		if found = true; try(corner{leaf, 1}, corner{k, -1}) {
			return
		}
	}
	if found {
		return
	}
	for _, k := range h.leaves {
		if !k.within(small) {
			if found = true; try(corner{leaf, 1}, corner{k, -1}) {
				return
			}
		}
	}
	if !found {
		try(corner{leaf, 1}) // nothing else is there: nothing is told
	}
}

// corner is a leaf whose land grows or shrinks.
type corner struct {
	at cellKey
	by int
}

// within says whether a leaf's land is part of a cell.
func (a cellKey) within(whole cellKey) bool {
	place := a.place
	for place != whole.place && place != "" {
		place = above(place)
	}
	return place == whole.place && (whole.crop == "" || a.crop == whole.crop) && (whole.grade == anyGrade || a.grade == whole.grade)
}
