package sample

// gather joins adjacent parcels of each block into plots of 0.5–20 ha.
func (t *tenure) gather(c chance, l *land, kept map[*parcel]bool) {
	for _, b := range l.blocks {
		var free []*parcel
		for _, p := range b.parcels {
			if p.id != "" && !kept[p] {
				free = append(free, p)
			}
		}
		near := neighbours(free)
		group := make([]int, len(free)) // 0 = none
		var areas []float64
		for i := range free {
			if group[i] != 0 {
				continue
			}
			goal := min(plotMost, max(plotLeast*1.2, c.lognormal(plotMedian, blockSpread(len(l.parcels)))))
			areas = append(areas, 0)
			g := len(areas)
			queue := []int{i}
			for len(queue) > 0 && areas[g-1] < goal {
				k := queue[0]
				queue = queue[1:]
				if group[k] != 0 {
					continue
				}
				group[k] = g
				areas[g-1] += free[k].m2
				queue = append(queue, near[k]...)
			}
		}
		mergeSmall(free, near, group, areas)
		members := map[int][]*parcel{}
		for i, g := range group {
			members[g] = append(members[g], free[i])
		}
		for g := 1; g <= len(areas); g++ {
			if len(members[g]) > 0 {
				t.addField(nil, members[g])
			}
		}
	}
}

// neighbours lists for each parcel those that share at least 6 m of ridge.
func neighbours(ps []*parcel) [][]int {
	out := make([][]int, len(ps))
	for i := range ps {
		for j := i + 1; j < len(ps); j++ {
			if touches(ps[i].shape, ps[j].shape, 6) {
				out[i] = append(out[i], j)
				out[j] = append(out[j], i)
			}
		}
	}
	return out
}

// mergeSmall gives what is less than a plot to the neighbour it touches.
func mergeSmall(ps []*parcel, near [][]int, group []int, areas []float64) {
	for again := true; again; {
		again = false
		for i := range ps {
			g := group[i]
			if areas[g-1] >= plotLeast {
				continue
			}
			to := 0
			for k := range ps {
				if group[k] != g {
					continue
				}
				for _, j := range near[k] {
					if h := group[j]; h != g && (to == 0 || areas[h-1] < areas[to-1]) {
						to = h
					}
				}
			}
			if to == 0 || areas[to-1] > plotMost {
				continue
			}
			for k := range ps {
				if group[k] == g {
					group[k] = to
				}
			}
			areas[to-1] += areas[g-1]
			areas[g-1] = plotMost * 2 // gone
			again = true
		}
	}
}
