package raster

func (w Window) empty() bool { return w.Width <= 0 || w.Height <= 0 }

func (w Window) union(o Window) Window {
	switch {
	case w.empty():
		return o
	case o.empty():
		return w
	}
	col, row := min(w.Col, o.Col), min(w.Row, o.Row)
	return Window{col, row, max(w.Col+w.Width, o.Col+o.Width) - col, max(w.Row+w.Height, o.Row+o.Height) - row}
}

// intersect is what both windows hold.
func (w Window) intersect(o Window) Window {
	col, row := max(w.Col, o.Col), max(w.Row, o.Row)
	w = Window{col, row, min(w.Col+w.Width, o.Col+o.Width) - col, min(w.Row+w.Height, o.Row+o.Height) - row}
	if w.empty() {
		return Window{}
	}
	return w
}

// clip cuts the window to the grid.
func (w Window) clip(g Grid) Window { return w.intersect(Window{0, 0, g.Width, g.Height}) }

func (w Window) pad(n int) Window {
	return Window{w.Col - n, w.Row - n, w.Width + 2*n, w.Height + 2*n}
}
