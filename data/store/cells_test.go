package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// In random tables no cell of few growers is told, and no line lacks just one of
// its cells; what is told is not empty where every cell rests on enough.
func TestNoCellIsTheDifferenceOfOthers(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		cells := map[cellKey]*landCell{}
		add := func(k cellKey, n int64) {
			if cells[k] == nil {
				cells[k] = &landCell{}
			}
			cells[k].Growers += n
			cells[k].AreaM2 += float64(n)
		}
		few := false
		for village := range 1 + r.IntN(6) {
			for crop := range 1 + r.IntN(4) {
				for grade := range int32(1 + r.IntN(3)) {
					n := int64(1 + r.IntN(20))
					if seed%10 == 0 {
						n += LeastGrowers
					}
					few = few || n < LeastGrowers
					v := fmt.Sprintf("341523%03d%03d", village/2, village)
					for _, p := range []string{"", v[:9], v} {
						for _, c := range []string{"", fmt.Sprint("crop", crop)} {
							for _, g := range []int32{anyGrade, grade} {
								add(cellKey{p, c, g}, n)
							}
						}
					}
				}
			}
		}
		lines := linesOf(cells)
		hide(cells, lines, func(c *landCell) (int64, bool) { return c.Growers, c.AreaM2 > 0 }, func(c *landCell) { c.hidden = true })
		hidden := 0
		for k, c := range cells {
			if c.Growers < LeastGrowers && !c.hidden {
				t.Errorf("seed %d: %v is told", seed, k)
			}
			if c.hidden {
				hidden++
			}
		}
		for _, line := range lines {
			n := 0
			for _, k := range line {
				if cells[k].hidden {
					n++
				}
			}
			if n == 1 {
				t.Errorf("seed %d: one cell of %v is hidden", seed, line)
			}
		}
		if !few && hidden > 0 {
			t.Errorf("seed %d: %d cells are hidden without need", seed, hidden)
		}
	}
}
