package season

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/parus-lending/parus/raster"
)

// observedPerSquare bounds the time of the cloud network by that of observing:
// one square of land in so many that are observed may be judged. On a county of
// 8,000 parcels × 23 scenes observing took 1.40 s of processor time, judging 6
// squares 0.48 s, opening the network 0.37 s and finding what to ask 0.14 s
// (docs/usability.md). Counting squares, not seconds, keeps a run's files the
// same on any machine.
const observedPerSquare = 20

// skyWorkers bounds the memory of the network: about 200 MB for each that asks.
const skyWorkers = 4

// skyWork is a scene of a cell with the plots to ask of.
type skyWork struct {
	cell    *cellPlan
	scene   int
	ids     []string // sorted
	squares int      // that their middles lie in
}

// squares counts the network's squares that the middles of polygons lie in: of
// those named (sorted), or all.
func (c *cellPlan) squares(grid raster.Grid, core int, ids []string) int {
	side := float64(core) * 20
	seen := map[[2]int]bool{}
	for _, s := range c.shapes {
		if ids != nil {
			if _, ok := slices.BinarySearch(ids, s.ID); !ok {
				continue
			}
		}
		mid := s.Polygon.Bound().Center()
		seen[[2]int{int((grid.Y0 - mid[1]) / side), int((mid[0] - grid.X0) / side)}] = true
	}
	return len(seen)
}

// afford takes the work with the most plots per square first, as far as the
// number of squares reaches; what is left out is told, and there SCL and time
// decide alone. The result is in the order given.
func (p *plan) afford(all []skyWork, squares int) []skyWork {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &all[a], &all[b]
		return cmp.Compare(len(y.ids)*x.squares, len(x.ids)*y.squares)
	})
	var kept []int
	left := 0
	for _, i := range order {
		if all[i].squares > squares {
			left += len(all[i].ids)
			continue
		}
		squares -= all[i].squares
		kept = append(kept, i)
	}
	if left > 0 {
		p.warn(stageCloud, "cloud_network_rationed", fmt.Sprintf("%d looks", left), "the network would take longer than observing; on these looks the scene classification and time decide alone")
	}
	slices.Sort(kept)
	out := make([]skyWork, len(kept))
	for k, i := range kept {
		out[k] = all[i]
	}
	return out
}
