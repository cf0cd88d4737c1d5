package raster

import "math/bits"

// selection is the pixels of one shape in one block that count, as places in
// the block.
type selection struct {
	runs     []placed // wholly within the shape
	inside   int      // pixels of runs
	edge     []int32
	weights  weights
	doubtful float64 // weight of those that are doubtful

	eroded []run
	room   struct { // what is used again
		weight []float64
		whole  []uint64
	}
}

// placed is n pixels in a row of a block.
type placed struct{ at, n int32 }

// pick chooses the pixels of a shape. cut says that the shape may reach beyond
// the block; ten that pixels are of 10 m, where the mask's are of 20 m.
func (s *selection) pick(c *covered, win Window, cut bool, m *mask, ten bool, opt *ObserveOptions) {
	s.runs, s.inside, s.edge, s.doubtful = s.runs[:0], 0, s.edge[:0], 0
	runs := c.runs
	if opt.Inset > 0 {
		s.eroded = erode(s.eroded[:0], c, opt.Inset)
		runs = s.eroded
	}
	corner := win.Row*win.Width + win.Col
	clear := !cut && m.clear(c.box, ten)
	if clear {
		for _, r := range runs {
			s.add(int32(int(r.row)*win.Width+int(r.col)-corner), int32(r.n))
		}
	} else {
		for _, r := range runs {
			row, from := int(r.row), int(r.col)
			to := from + int(r.n)
			if cut {
				if row < win.Row || row >= win.Row+win.Height {
					continue
				}
				from, to = max(from, win.Col), min(to, win.Col+win.Width)
			}
			for ; from < to; from += 64 {
				s.run(row, from, min(64, to-from), win, m, ten)
			}
		}
	}
	var weight []float64
	switch {
	case opt.Inset > 0:
	case clear && opt.MinCoverage <= 0:
		for _, e := range c.edges {
			s.edge = append(s.edge, int32(int(e.row)*win.Width+int(e.col)-corner))
		}
		weight = c.frac
	default:
		weight = s.edges(c, win, cut, m, ten, opt.MinCoverage)
	}
	s.weights = weigh(weight, s.inside, s.room.whole)
	s.room.whole = s.weights.whole
}

func (s *selection) add(at, n int32) {
	s.runs = append(s.runs, placed{at, n})
	s.inside += int(n)
}

// edges adds the edge pixels that count and returns their weights.
func (s *selection) edges(c *covered, win Window, cut bool, m *mask, ten bool, least float64) []float64 {
	weight := s.room.weight[:0]
	for i, e := range c.edges {
		row, col := int(e.row), int(e.col)
		if cut && (row < win.Row || row >= win.Row+win.Height || col < win.Col || col >= win.Col+win.Width) {
			continue
		}
		mc, mr := col, row
		if ten {
			mc, mr = col>>1, row>>1
		}
		mc, mr = mc-m.win.Col, mr-m.win.Row
		if !m.ok.at(mc, mr) || c.frac[i] < least {
			continue
		}
		s.edge = append(s.edge, int32((row-win.Row)*win.Width+col-win.Col))
		weight = append(weight, c.frac[i])
		if m.doubtful.at(mc, mr) {
			s.doubtful += c.frac[i]
		}
	}
	s.room.weight = weight
	return weight
}

// clear reports whether every pixel of a box is usable and none doubtful.
func (m *mask) clear(box window32, ten bool) bool {
	w := box.window()
	if ten {
		w = Window{w.Col / 2, w.Row / 2, (w.Col+w.Width-1)/2 - w.Col/2 + 1, (w.Row+w.Height-1)/2 - w.Row/2 + 1}
	}
	if w.Width > 64 {
		return false
	}
	all := ^uint64(0) >> (64 - w.Width)
	for r := range w.Height {
		if m.ok.bits(w.Col-m.win.Col, w.Row+r-m.win.Row, w.Width) != all || m.doubtful.bits(w.Col-m.win.Col, w.Row+r-m.win.Row, w.Width) != 0 {
			return false
		}
	}
	return true
}

// run adds those of n ≤ 64 pixels of a row that count.
func (s *selection) run(row, col, n int, win Window, m *mask, ten bool) {
	at := int32((row-win.Row)*win.Width + col - win.Col)
	mr, mc, mn := row, col, n
	if ten {
		mr, mc = row>>1, col>>1
		mn = (col+n-1)>>1 - mc + 1
	}
	ok := m.ok.bits(mc-m.win.Col, mr-m.win.Row, mn)
	if ok == 0 {
		return
	}
	doubtful := m.doubtful.bits(mc-m.win.Col, mr-m.win.Row, mn)
	if ok == ^uint64(0)>>(64-mn) {
		s.add(at, int32(n))
	} else {
		for ok != 0 { // stretches of ones
			from := bits.TrailingZeros64(ok)
			to := from + bits.TrailingZeros64(^(ok >> from))
			if to < 64 {
				ok &^= uint64(1)<<to - 1
			} else {
				ok = 0
			}
			if ten { // bit i is the pixels 2i and 2i+1 from the even column on
				from, to = max(2*from-col&1, 0), min(2*to-col&1, n)
			}
			s.add(at+int32(from), int32(to-from))
		}
	}
	for i := range n {
		if doubtful == 0 {
			break
		}
		k := i
		if ten {
			k = (col+i)>>1 - mc
		}
		s.doubtful += float64(doubtful >> k & 1)
	}
}

// isDoubtful reports whether a place in the block is doubtful.
func (m *mask) isDoubtful(at int32, win Window, ten bool) bool {
	col, row := win.Col+int(at)%win.Width, win.Row+int(at)/win.Width
	if ten {
		col, row = col>>1, row>>1
	}
	return m.doubtful.at(col-m.win.Col, row-m.win.Row)
}

// erode keeps the pixels of runs whose neighbours up to n pixels away, in eight
// directions, lie wholly within too.
func erode(out []run, c *covered, n int) []run {
	w, h, left, top := int(c.box.width), int(c.box.height), int(c.box.col), int(c.box.row)
	p := newPlane(w, h)
	for _, r := range c.runs {
		for i := range int(r.n) {
			p.set(int(r.col)-left+i, int(r.row)-top)
		}
	}
	within := func(col, row int) bool {
		if col < n || row < n || col+n >= w || row+n >= h {
			return false
		}
		for r := row - n; r <= row+n; r++ {
			for i := col - n; i <= col+n; i++ {
				if !p.at(i, r) {
					return false
				}
			}
		}
		return true
	}
	for _, r := range c.runs {
		for i := range int(r.n) {
			col := int(r.col) + i
			if !within(col-left, int(r.row)-top) {
				continue
			}
			if k := len(out) - 1; k >= 0 && out[k].row == r.row && int(out[k].col)+int(out[k].n) == col {
				out[k].n++
			} else {
				out = append(out, run{r.row, uint16(col), 1})
			}
		}
	}
	return out
}
