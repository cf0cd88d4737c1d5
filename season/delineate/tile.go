package delineate

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// A window is looked at with a margin around what it answers for, so that a
// field on its border is seen whole. Pixels.
const (
	windowSide   = 1024
	windowMargin = 128
)

// tile is the pixels of one tile and what was found on them.
type tile struct {
	name    string
	grid    raster.Grid
	dates   []date
	allowed bits
	area    raster.Window   // that holds all allowed pixels
	cores   []raster.Window // what the windows answer for
	labels  *labelFile
	fields  []found // by number − 1
	margin  int
	of      []int // by core: the number of fields up to its end
}

// found is a field and its pixels' box in the tile.
type found struct {
	outline.Field
	at  int64  // place of its pixel Field.At in the tile
	box [4]int // columns and rows from (inclusive), to (exclusive)
}

// newTile prepares a tile; nil where there is nothing to look at.
func (r *run) newTile(ctx context.Context, name string) (*tile, error) {
	cell := raster.Cell{Tile: name}
	t := &tile{name: name, grid: r.tiling.Grid(cell)}
	var scenes []raster.Scene
	for _, s := range r.tiling.Scenes(cell) {
		if !s.Radar() {
			scenes = append(scenes, s)
		}
	}
	if len(scenes) == 0 {
		return nil, nil
	}
	var err error
	if t.allowed, err = r.allowed(ctx, t.grid); err != nil {
		return nil, err
	}
	if t.area = t.allowed.box(); t.area.Width == 0 {
		return nil, nil
	}
	if err := r.sampled(ctx, t, scenes); err != nil {
		return nil, err
	}
	if len(t.dates) == 0 {
		r.warn(raster.Warning{Code: "no_clear_date", Subject: name, Detail: "no scene shows the land of this tile clear: nothing is proposed there"})
		return nil, nil
	}
	r.sum.Scenes += len(t.dates)
	side := r.opt.side
	for row := t.area.Row; row < t.area.Row+t.area.Height; row += side {
		for col := t.area.Col; col < t.area.Col+t.area.Width; col += side {
			t.cores = append(t.cores, raster.Window{Col: col, Row: row, Width: min(side, t.area.Col+t.area.Width-col), Height: min(side, t.area.Row+t.area.Height-row)})
		}
	}
	t.margin = r.opt.margin
	t.labels, err = newLabelFile(r.opt.Out, t.grid.Width, t.grid.Height)
	return t, err
}

// box is the smallest window that holds all bits set.
func (b bits) box() raster.Window {
	var w raster.Window
	height := len(b.words) * 64 / max(b.width, 1)
	x0, x1, y0, y1 := b.width, -1, -1, -1
	for y := range height {
		first, last := -1, -1
		for x := 0; x < b.width && y*b.width+x < len(b.words)*64; x++ {
			if b.at(x, y) {
				if first < 0 {
					first = x
				}
				last = x
			}
		}
		if first < 0 {
			continue
		}
		if y0 < 0 {
			y0 = y
		}
		y1 = y
		x0, x1 = min(x0, first), max(x1, last)
	}
	if y0 >= 0 {
		w = raster.Window{Col: x0, Row: y0, Width: x1 - x0 + 1, Height: y1 - y0 + 1}
	}
	return w
}

// wide is a core with its margin, within the area.
func (t *tile) wide(core raster.Window) raster.Window {
	c, rw := max(core.Col-t.margin, t.area.Col), max(core.Row-t.margin, t.area.Row)
	return raster.Window{Col: c, Row: rw,
		Width:  min(core.Col+core.Width+t.margin, t.area.Col+t.area.Width) - c,
		Height: min(core.Row+core.Height+t.margin, t.area.Row+t.area.Height) - rw}
}

// segment looks at the windows of a tile with all readers, and gives out the
// pixels in the order of the windows: what one field has taken no other gets.
func (r *run) segment(ctx context.Context, t *tile) error {
	r.opt.Progress.Stage("fields "+t.name, len(t.cores))
	r.sum.Windows += len(t.cores)
	return inOrder(ctx, r.readers, len(t.cores), func(ctx context.Context, reader raster.Reader, i int) (*outline.Segmentation, error) {
		w := t.wide(t.cores[i])
		use, any := make([]bool, w.Width*w.Height), false
		for k := range use {
			use[k] = t.allowed.at(w.Col+k%w.Width, w.Row+k/w.Width)
			any = any || use[k]
		}
		if !any {
			return &outline.Segmentation{Width: w.Width, Height: w.Height, Labels: make([]int32, len(use))}, nil
		}
		s, err := outline.Segment(ctx, &dates{r: r, from: reader, grid: t.grid, win: w, list: t.dates}, use, r.opt.Outline)
		if err != nil {
			return nil, fmt.Errorf("tile %s, window at column %d, row %d: %w", t.name, w.Col, w.Row, err)
		}
		return s, nil
	}, func(i int, s *outline.Segmentation) error {
		defer r.step()
		return r.take(t, t.cores[i], s)
	})
}

// owns reports whether a pixel's place belongs to this tile.
func (r *run) owns(t *tile, x, y int) bool {
	if len(r.tiling.Tiles()) == 1 {
		return true
	}
	p := t.middle(x, y)
	lonlat, err := parcels.Unproject(orb.MultiPolygon{{{p}}}, t.grid.EPSG)
	if err != nil {
		return false
	}
	cell, ok := r.tiling.Home(lonlat[0][0][0])
	return ok && cell.Tile == t.name
}

// middle of a pixel in the tile's CRS.
func (t *tile) middle(x, y int) orb.Point {
	return orb.Point{t.grid.X0 + (float64(x)+0.5)*t.grid.Res, t.grid.Y0 - (float64(y)+0.5)*t.grid.Res}
}
