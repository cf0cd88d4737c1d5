package outline

import "slices"

// watershed parts the pixels into basins: pixels are taken from the weakest edge
// to the strongest, each joins the basin of the neighbour that lies lowest, and
// where two basins meet the shallower ends in the deeper if it is less than
// depth deep there (its dynamics, Grimaud 1992). Labels count from 1; pixels at
// never have 0.
func watershed(level []float32, w, h int, depth float32) (labels []int32, n int) {
	order := make([]int32, 0, len(level))
	for i, v := range level {
		if v < never {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch x, y := level[a], level[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a - b)
	})
	labels = make([]int32, len(level))
	var parent []int32 // of basins, from 0
	var lowest []float32
	find := func(k int32) int32 {
		for parent[k] != k {
			parent[k] = parent[parent[k]]
			k = parent[k]
		}
		return k
	}
	for _, p := range order {
		var near [4]int32
		m, best := 0, int32(-1)
		for _, q := range neighbours(int(p), w, h) {
			if q < 0 || labels[q] == 0 {
				continue
			}
			near[m] = find(labels[q] - 1)
			m++
			if best < 0 || level[q] < level[best] {
				best = int32(q)
			}
		}
		if best < 0 {
			k := int32(len(parent))
			parent, lowest = append(parent, k), append(lowest, level[p])
			labels[p] = k + 1
			continue
		}
		labels[p] = labels[best]
		own := find(labels[best] - 1)
		for _, k := range near[:m] {
			if k = find(k); k == own {
				continue
			}
			deep, shallow := own, k
			if lowest[shallow] < lowest[deep] || lowest[shallow] == lowest[deep] && shallow < deep {
				deep, shallow = shallow, deep
			}
			if level[p]-lowest[shallow] < depth {
				parent[shallow] = deep
				own = deep
			}
		}
	}
	number := make([]int32, len(parent))
	for i, l := range labels {
		if l == 0 {
			continue
		}
		k := find(l - 1)
		if number[k] == 0 {
			n++
			number[k] = int32(n)
		}
		labels[i] = number[k]
	}
	return labels, n
}

// neighbours are the pixels above, left, right and below; −1 = none.
func neighbours(p, w, h int) [4]int {
	out := [4]int{p - w, p - 1, p + 1, p + w}
	if p < w {
		out[0] = -1
	}
	if p%w == 0 {
		out[1] = -1
	}
	if p%w == w-1 {
		out[2] = -1
	}
	if p >= w*(h-1) {
		out[3] = -1
	}
	return out
}
