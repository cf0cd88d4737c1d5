package sample

import (
	"math"

	"github.com/parus-lending/parus/raster"
)

// fine is the step in metres on which coverage is drawn: 25 points to a 10 m
// pixel.
const fine = 2.0

// Ground beside the fields, counted on from the last field.
const (
	verge = iota // ridges, road sides, canals' banks
	road
	houses
	trees
	pond
	grounds
)

// canvas says of each pixel what ground it covers and by how much.
type canvas struct {
	grid   raster.Grid // 10 m
	fields int
	ten    cover
	twenty cover
}

// cover lists the materials of each pixel: those of pixel i stand in
// [start[i], start[i+1]).
type cover struct {
	width, height int
	start         []int32
	material      []int32
	share         []float32
}

// paint lays the land on the pixel grid of the tile.
func paint(l *land, fields []*field) *canvas {
	const margin = 100
	x0, y0 := math.Floor((l.shape[0]-margin)/20)*20, math.Ceil((l.shape[3]+margin)/20)*20
	w, h := int(math.Ceil((l.shape[2]+margin-x0)/20))*2, int(math.Ceil((y0-l.shape[1]+margin)/20))*2
	k := &canvas{grid: raster.Grid{EPSG: utm, X0: x0, Y0: y0, Res: 10, Width: w, Height: h}, fields: len(fields)}
	cols, rows := w*5, h*5
	ground := make([]int32, cols*rows)
	first := int32(len(fields))
	for i := range ground {
		ground[i] = first + verge
	}
	fill := func(c convex, m int32) {
		if c == nil {
			return
		}
		_, top := c.span([2]float64{0, 1})
		low, _ := c.span([2]float64{0, 1})
		r0, r1 := max(0, int((y0-top)/fine)), min(rows-1, int((y0-low)/fine))
		for r := r0; r <= r1; r++ {
			a, z, ok := c.crossing(y0 - (float64(r)+.5)*fine)
			if !ok {
				continue
			}
			c0, c1 := max(0, int(math.Ceil((a-x0)/fine-.5))), min(cols-1, int(math.Floor((z-x0)/fine-.5)))
			for j := c0; j <= c1; j++ {
				ground[r*cols+j] = m
			}
		}
	}
	for _, b := range l.blocks {
		fill(b.shape.inset(-4), first+road)
	}
	for _, v := range l.villages {
		fill(v.houses, first+houses)
		fill(v.trees, first+trees)
	}
	for _, p := range l.ponds {
		fill(p, first+pond)
	}
	for _, b := range l.blocks {
		fill(b.shape, first+verge)
	}
	for i, f := range fields {
		for _, p := range f.parcels {
			fill(p.shape, int32(i))
		}
	}
	k.ten = gatherCover(ground, cols, w, h, 5)
	k.twenty = gatherCover(ground, cols, w/2, h/2, 10)
	for i := range k.ten.start[:w*h] {
		a := k.ten.start[i]
		if m := k.ten.material[a]; k.ten.start[i+1] == a+1 && m < first {
			fields[m].inside++
		}
	}
	return k
}

// crossing is where a horizontal line enters and leaves.
func (c convex) crossing(y float64) (a, z float64, ok bool) {
	a, z = math.Inf(1), math.Inf(-1)
	for i, p := range c {
		q := c[(i+1)%len(c)]
		if p[1] > y == (q[1] > y) {
			continue
		}
		x := p[0] + (y-p[1])/(q[1]-p[1])*(q[0]-p[0])
		a, z = min(a, x), max(z, x)
	}
	return a, z, a < z
}

func gatherCover(ground []int32, cols, w, h, step int) cover {
	k := cover{width: w, height: h, start: make([]int32, 1, w*h+1)}
	one := float32(1) / float32(step*step)
	for r := range h {
		for c := range w {
			from := len(k.material)
			for y := r * step; y < (r+1)*step; y++ {
				for _, m := range ground[y*cols+c*step : y*cols+(c+1)*step] {
					i := len(k.material) - 1
					for i >= from && k.material[i] != m {
						i--
					}
					if i < from {
						k.material, k.share = append(k.material, m), append(k.share, 0)
						i = len(k.material) - 1
					}
					k.share[i] += one
				}
			}
			k.start = append(k.start, int32(len(k.material)))
		}
	}
	return k
}
