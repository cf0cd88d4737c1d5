package raster

import "math/bits"

// selection is the pixels of one shape in one block that count, as places in
// the block.
type selection struct {
	inside   []int32 // wholly within the shape
	edge     []int32
	weight   []float64 // of edge
	doubtful float64   // weight of those that are doubtful

	eroded []run
}

// pick chooses the pixels of a shape. cut says that the shape may reach beyond
// the block; ten that pixels are of 10 m, where the mask's are of 20 m.
func (s *selection) pick(c *covered, win Window, cut bool, m *mask, ten bool, opt *ObserveOptions) {
	s.inside, s.edge, s.weight, s.doubtful = s.inside[:0], s.edge[:0], s.weight[:0], 0
	runs := c.runs
	if opt.Inset > 0 {
		s.eroded = erode(s.eroded[:0], c, opt.Inset)
		runs = s.eroded
	}
	for _, r := range runs {
		row, from := int(c.box.row)+int(r.row), int(c.box.col)+int(r.col)
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
	if opt.Inset > 0 {
		return
	}
	for i, e := range c.edges {
		row, col := int(c.box.row)+int(e.row), int(c.box.col)+int(e.col)
		if cut && (row < win.Row || row >= win.Row+win.Height || col < win.Col || col >= win.Col+win.Width) {
			continue
		}
		mc, mr := col, row
		if ten {
			mc, mr = col>>1, row>>1
		}
		mc, mr = mc-m.win.Col, mr-m.win.Row
		if !m.ok.at(mc, mr) || c.frac[i] < opt.MinCoverage {
			continue
		}
		s.edge = append(s.edge, int32((row-win.Row)*win.Width+col-win.Col))
		s.weight = append(s.weight, c.frac[i])
		if m.doubtful.at(mc, mr) {
			s.doubtful += c.frac[i]
		}
	}
}

// run adds n ≤ 64 pixels of a row.
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
	switch {
	case ok == ^uint64(0)>>(64-mn):
		k := len(s.inside)
		s.inside = append(s.inside, zeros[:n]...)
		for i := range s.inside[k:] {
			s.inside[k+i] = at + int32(i)
		}
	case ten:
		for i := range n {
			if ok>>((col+i)>>1-mc)&1 != 0 {
				s.inside = append(s.inside, at+int32(i))
			}
		}
	default:
		for b := ok; b != 0; b &= b - 1 {
			s.inside = append(s.inside, at+int32(bits.TrailingZeros64(b)))
		}
	}
	if doubtful == 0 {
		return
	}
	if !ten {
		s.doubtful += float64(bits.OnesCount64(doubtful))
		return
	}
	for i := range n {
		s.doubtful += float64(doubtful >> ((col+i)>>1 - mc) & 1)
	}
}

var zeros [64]int32

func (s *selection) isDoubtful(m *mask, at int32, win Window, ten bool) bool {
	col, row := win.Col+int(at)%win.Width, win.Row+int(at)/win.Width
	if ten {
		col, row = col>>1, row>>1
	}
	return m.doubtful.at(col-m.win.Col, row-m.win.Row)
}

// erode keeps the pixels of runs whose neighbours up to n pixels away, in eight
// directions, lie wholly within too.
func erode(out []run, c *covered, n int) []run {
	w, h := int(c.box.width), int(c.box.height)
	p := newPlane(w, h)
	for _, r := range c.runs {
		for i := range int(r.n) {
			p.set(int(r.col)+i, int(r.row))
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
			if col := int(r.col) + i; within(col, int(r.row)) {
				if k := len(out) - 1; k >= 0 && out[k].row == r.row && int(out[k].col)+int(out[k].n) == col {
					out[k].n++
				} else {
					out = append(out, run{r.row, uint16(col), 1})
				}
			}
		}
	}
	return out
}
