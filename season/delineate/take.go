package delineate

import (
	"math"
	"slices"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// take gives the fields whose middle lies in the core, and in this tile, their
// pixels that are still free.
func (r *run) take(t *tile, core raster.Window, s *outline.Segmentation) error {
	w := t.wide(core)
	pixels := make([][]int32, len(s.Fields))
	for i, l := range s.Labels {
		if l > 0 {
			pixels[l-1] = append(pixels[l-1], int32(i))
		}
	}
	labels := make([]int32, len(s.Labels))
	if err := t.labels.read(w, labels); err != nil {
		return err
	}
	for _, before := range r.tiles {
		if before != t {
			if err := t.shut(labels, w, before); err != nil {
				return err
			}
		}
	}
	least := max(r.opt.Outline.Pixels, 1)
	for k, f := range s.Fields {
		x, y := w.Col+f.At%w.Width, w.Row+f.At/w.Width
		if x < core.Col || y < core.Row || x >= core.Col+core.Width || y >= core.Row+core.Height || !r.owns(t, x, y) {
			continue
		}
		free := slices.DeleteFunc(slices.Clone(pixels[k]), func(p int32) bool { return labels[p] != 0 })
		if len(free) < len(pixels[k]) {
			free = largestPart(free, w.Width)
		}
		if len(free) < least {
			continue
		}
		at := int(free[0])
		if len(free) == len(pixels[k]) || slices.Contains(free, int32(f.At)) {
			at = f.At
		}
		f.Pixels = len(free)
		x, y = w.Col+at%w.Width, w.Row+at/w.Width
		one := found{Field: f, at: int64(y)*int64(t.grid.Width) + int64(x), box: [4]int{t.grid.Width, t.grid.Height, 0, 0}}
		for _, p := range free {
			px, py := w.Col+int(p)%w.Width, w.Row+int(p)/w.Width
			one.box = [4]int{min(one.box[0], px), min(one.box[1], py), max(one.box[2], px+1), max(one.box[3], py+1)}
			labels[p] = int32(len(t.fields) + 1)
		}
		t.fields = append(t.fields, one)
	}
	t.of = append(t.of, len(t.fields))
	for i, l := range labels {
		labels[i] = max(l, 0)
	}
	return t.labels.write(w, labels)
}

// shut marks the pixels of a window whose middle lies in a field of another tile
// with −1.
func (t *tile) shut(labels []int32, w raster.Window, other *tile) error {
	place := func(x, y int) (int, int, error) {
		p := t.middle(w.Col+x, w.Row+y)
		if t.grid.EPSG != other.grid.EPSG {
			lonlat, err := parcels.Unproject(orb.MultiPolygon{{{p}}}, t.grid.EPSG)
			if err != nil {
				return 0, 0, err
			}
			mp, err := parcels.Project(lonlat, other.grid.EPSG)
			if err != nil {
				return 0, 0, err
			}
			p = mp[0][0][0]
		}
		g := other.grid
		return int(math.Floor((p[0] - g.X0) / g.Res)), int(math.Floor((g.Y0 - p[1]) / g.Res)), nil
	}
	// The window in the other's pixels, by a look along its sides: they bend by less than a pixel.
	x0, y0, x1, y1 := math.MaxInt, math.MaxInt, math.MinInt, math.MinInt
	for i := range sideParts + 1 {
		a, b := i*(w.Width-1)/sideParts, i*(w.Height-1)/sideParts
		for _, c := range [4][2]int{{a, 0}, {a, w.Height - 1}, {0, b}, {w.Width - 1, b}} {
			x, y, err := place(c[0], c[1])
			if err != nil {
				return err
			}
			x0, y0, x1, y1 = min(x0, x-2), min(y0, y-2), max(x1, x+3), max(y1, y+3)
		}
	}
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, other.grid.Width), min(y1, other.grid.Height)
	if x0 >= x1 || y0 >= y1 {
		return nil
	}
	part := raster.Window{Col: x0, Row: y0, Width: x1 - x0, Height: y1 - y0}
	theirs := make([]int32, part.Width*part.Height)
	if err := other.labels.read(part, theirs); err != nil {
		return err
	}
	if !slices.ContainsFunc(theirs, func(l int32) bool { return l > 0 }) {
		return nil
	}
	for i := range labels {
		x, y, err := place(i%w.Width, i/w.Width)
		if err != nil {
			return err
		}
		if x >= x0 && x < x1 && y >= y0 && y < y1 && theirs[(y-y0)*part.Width+x-x0] > 0 {
			labels[i] = -1
		}
	}
	return nil
}

// sideParts is how many steps a look along the side of a window takes.
const sideParts = 8

// largestPart is the largest part of pixels (sorted) that hangs together by its
// sides, the first of those, sorted.
func largestPart(pixels []int32, width int) []int32 {
	left := make(map[int32]bool, len(pixels))
	for _, p := range pixels {
		left[p] = true
	}
	var best []int32
	for _, p := range pixels {
		if !left[p] {
			continue
		}
		delete(left, p)
		part := []int32{p}
		for i := 0; i < len(part); i++ {
			q := part[i]
			near := []int32{q - int32(width), q + int32(width)}
			if int(q)%width > 0 {
				near = append(near, q-1)
			}
			if int(q)%width < width-1 {
				near = append(near, q+1)
			}
			for _, n := range near {
				if left[n] {
					delete(left, n)
					part = append(part, n)
				}
			}
		}
		if len(part) > len(best) {
			best = part
		}
	}
	slices.Sort(best)
	return best
}
