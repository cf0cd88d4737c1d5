package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// table is a made-up county: on each leaf (village, crop, grade) growers of its own.
func table(seed uint64) (cells map[cellKey]*landCell, few bool) {
	r := rand.New(rand.NewPCG(seed, 1))
	cells = map[cellKey]*landCell{}
	most, sparse := 2+r.IntN(30), r.IntN(3)
	crops, grades := 1+r.IntN(4), 1+r.IntN(3)
	for village := range 1 + r.IntN(7) {
		for crop := range crops {
			for grade := range int32(grades) {
				if r.IntN(4) < sparse {
					continue
				}
				n := int64(1 + r.IntN(most))
				if seed%10 == 0 {
					n += LeastGrowers
				}
				few = few || n < LeastGrowers
				v := fmt.Sprintf("341523%03d%03d", village/(1+int(seed%4)), village)
				if seed%3 == 0 && village == 0 {
					v = nowhere + nowhere
				}
				for place := v; ; place = above(place) {
					for k := (cellKey{place, fmt.Sprint("crop", crop), grade}); ; k = k.above() {
						if cells[k] == nil {
							cells[k] = &landCell{}
						}
						cells[k].Growers += n
						cells[k].AreaM2 += float64(n)
						for i := range n {
							if c := cells[k]; len(c.few) < LeastGrowers {
								c.few = append(c.few, fmt.Sprint(v, crop, grade, i))
							}
						}
						if k.above() == k {
							break
						}
					}
					if place == "" {
						break
					}
				}
			}
		}
	}
	return cells, few
}

func byGrowers(c *landCell) (int64, []string, bool) { return c.Growers, c.few, c.AreaM2 > 0 }

// In random tables no cell of few growers is told; no linear combination of all that
// is told gives one (Gaussian elimination over the leaves); and what is left of a
// whole when all that is told below it is taken away rests on nobody or on enough.
// Where every cell rests on enough, all is told.
func TestWhatIsHiddenCannotBeFoundOut(t *testing.T) {
	told, all := 0, 0
	for seed := range uint64(600) {
		cells, few := table(seed)
		hide(cells, byGrowers, func(c *landCell) { c.hidden = true })
		keys := slices.SortedFunc(maps.Keys(cells), cellKey.compare)
		leaves := map[cellKey]int{}
		for _, k := range keys {
			if k.grade != anyGrade && (len(k.place) == 12 || k.place == nowhere+nowhere) {
				leaves[k] = len(leaves)
			}
		}
		rowOf := func(k cellKey) []int64 {
			row := make([]int64, len(leaves))
			for leaf, i := range leaves {
				if leaf.within(k) {
					row[i] = 1
				}
			}
			return row
		}
		var known space
		for _, k := range keys {
			if c := cells[k]; !c.hidden {
				known.add(rowOf(k))
				told++
			}
			all++
		}
		for _, k := range keys {
			switch c := cells[k]; {
			case c.Growers < LeastGrowers && !c.hidden:
				t.Errorf("seed %d: %v is told", seed, k)
			case c.Growers < LeastGrowers && known.has(rowOf(k)):
				t.Errorf("seed %d: %v, of %d growers, is found out", seed, k, c.Growers)
			case c.hidden && !few:
				t.Errorf("seed %d: %v is hidden without need", seed, k)
			case !c.hidden:
				for _, along := range []bool{true, false} {
					if left := rest(cells, keys, k, along); left > 0 && left < LeastGrowers {
						t.Errorf("seed %d: of %v %d growers are left", seed, k, left)
					}
				}
			}
		}
	}
	t.Logf("%d of %d cells are told", told, all)
	if told*3 < all {
		t.Errorf("only %d of %d cells are told", told, all)
	}
}

// rest is on how many growers a shown cell rests less all shown cells below it, of
// places or of kinds.
func rest(cells map[cellKey]*landCell, keys []cellKey, whole cellKey, places bool) int64 {
	left := cells[whole].Growers
	for _, k := range keys {
		up := k.above()
		is := up == whole && k != whole
		if places {
			is = k.place != "" && k.crop == whole.crop && k.grade == whole.grade && above(k.place) == whole.place
		}
		if !is {
			continue
		}
		if cells[k].hidden {
			left -= cells[k].Growers - rest(cells, keys, k, places)
		} else {
			left -= cells[k].Growers
		}
	}
	return left
}

// space is what rows span, modulo a prime: its rows by the column of their first 1.
type space struct{ rows map[int][]int64 }

const prime = 1_000_003

// reduce takes the space's rows off a row; at is the first column left, -1 = none.
func (s *space) reduce(row []int64) (left []int64, at int) {
	for i := range row {
		if row[i] == 0 {
			continue
		}
		by, ok := s.rows[i]
		if !ok {
			return row, i
		}
		f := row[i]
		for j := i; j < len(row); j++ {
			row[j] = ((row[j]-f*by[j])%prime + prime) % prime
		}
	}
	return row, -1
}

func (s *space) has(row []int64) bool { _, at := s.reduce(row); return at < 0 }

func (s *space) add(row []int64) {
	row, at := s.reduce(row)
	if at < 0 {
		return
	}
	inverse := int64(1)
	for e, b := prime-2, row[at]; e > 0; e, b = e/2, b*b%prime { // Fermat
		if e%2 == 1 {
			inverse = inverse * b % prime
		}
	}
	for j := range row {
		row[j] = row[j] * inverse % prime
	}
	if s.rows == nil {
		s.rows = map[int][]int64{}
	}
	s.rows[at] = row
}

// The attack finds a number where the sums' differences hold it: of three villages
// one is hidden alone.
func TestTheAttackFindsADifference(t *testing.T) {
	var known space
	known.add([]int64{1, 1, 1})
	known.add([]int64{1, 0, 0})
	known.add([]int64{0, 1, 0})
	if !known.has([]int64{0, 0, 1}) {
		t.Error("not found")
	}
	known = space{}
	known.add([]int64{1, 1, 1})
	known.add([]int64{1, 0, 0})
	if known.has([]int64{0, 0, 1}) {
		t.Error("found in thin air")
	}
}

// A county of 20 towns, 300 villages, 8 crops and 6 grades.
func BenchmarkHide(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	cells := map[cellKey]*landCell{}
	for n := range 40_000 {
		v := r.IntN(300)
		p := landPiece{town: fmt.Sprintf("341523%03d", v/15), village: fmt.Sprintf("341523%03d%03d", v/15, v), crop: fmt.Sprint("crop", min(r.IntN(8), r.IntN(8), r.IntN(8))), grade: int32(r.IntN(6)), grower: fmt.Sprint(n), plot: fmt.Sprint(n), m2: 1000}
		p.addTo(cells)
	}
	for b.Loop() {
		hide(cells, byGrowers, func(c *landCell) { c.hidden = true })
	}
	told := 0
	for _, c := range cells {
		if !c.hidden {
			told++
		}
	}
	b.Logf("%d of %d cells are told", told, len(cells))
}
