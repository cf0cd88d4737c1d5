package outline

// even smooths the borders of regions: twice, each pixel goes to the region that
// holds most of the nine around it, if it touches that region by a side; then
// each region keeps its largest part that hangs together. Pixels of 0 stay, and
// what is cut off becomes 0.
func even(labels []int32, w, h int) {
	next := make([]int32, len(labels))
	for range 2 {
		copy(next, labels)
		for y := range h {
			for x := range w {
				if l := labels[y*w+x]; l > 0 {
					next[y*w+x] = most(labels, w, h, x, y)
				}
			}
		}
		copy(labels, next)
	}
	keepLargest(labels, w, h)
}

// most is the region that holds more of the nine pixels around one than its own
// does, and touches it by a side; else its own.
func most(labels []int32, w, h, x, y int) int32 {
	own := labels[y*w+x]
	count := func(l int32) (n int) {
		for dy := max(y-1, 0); dy <= min(y+1, h-1); dy++ {
			for dx := max(x-1, 0); dx <= min(x+1, w-1); dx++ {
				if labels[dy*w+dx] == l {
					n++
				}
			}
		}
		return n
	}
	best, n := own, count(own)
	if n == 9 {
		return own
	}
	for _, q := range neighbours(y*w+x, w, h) {
		if q < 0 || labels[q] == 0 || labels[q] == best {
			continue
		}
		if c := count(labels[q]); c > n {
			best, n = labels[q], c
		}
	}
	return best
}

// keepLargest sets to 0 all parts of a region but the largest that hangs
// together by its sides, the first of those.
func keepLargest(labels []int32, w, h int) {
	part := make([]int32, len(labels)) // 1 + place in size
	type piece struct {
		label int32
		size  int
	}
	var pieces []piece
	best := map[int32]int32{} // label → piece
	var stack []int32
	for i, l := range labels {
		if l == 0 || part[i] != 0 {
			continue
		}
		k := int32(len(pieces) + 1)
		pieces = append(pieces, piece{label: l})
		part[i] = k
		stack = append(stack[:0], int32(i))
		for len(stack) > 0 {
			p := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			pieces[k-1].size++
			for _, q := range neighbours(int(p), w, h) {
				if q >= 0 && part[q] == 0 && labels[q] == l {
					part[q] = k
					stack = append(stack, int32(q))
				}
			}
		}
		if b := best[l]; b == 0 || pieces[k-1].size > pieces[b-1].size {
			best[l] = k
		}
	}
	for i, l := range labels {
		if l > 0 && best[l] != part[i] {
			labels[i] = 0
		}
	}
}
