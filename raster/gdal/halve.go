package gdal

import "github.com/parus-lending/parus/raster"

// stored is the grid of the COG made of a file on grid g.
func (c conversion) stored(g raster.Grid) raster.Grid {
	if c.halve {
		g.Res, g.Width, g.Height = 2*g.Res, g.Width/2, g.Height/2
	}
	return g
}

// classRank orders the classes of SCL where as many pixels say one as another:
// the more doubtful wins (cloud, cirrus, shadow, snow, saturated, dark,
// unclassified; then land and water), no data last.
var classRank = [12]int{0, 8, 6, 10, 3, 2, 1, 5, 11, 12, 9, 7}

// halve brings pixels of twice the width and height back to their own size,
// row-major: of four pixels the mean of those with data, rounded, or of classes
// the one most have.
func halve(v []uint16, width, height int, class bool) []uint16 {
	w, h := width/2, height/2
	out := make([]uint16, w*h)
	for row := range h {
		a, b := v[2*row*width:], v[(2*row+1)*width:]
		for col := range w {
			four := [4]uint16{a[2*col], a[2*col+1], b[2*col], b[2*col+1]}
			if class {
				out[row*w+col] = mostly(four)
			} else {
				out[row*w+col] = meanOfData(four)
			}
		}
	}
	return out
}

func meanOfData(four [4]uint16) uint16 {
	var sum, n uint32
	for _, x := range four {
		if x > 0 {
			sum, n = sum+uint32(x), n+1
		}
	}
	if n == 0 {
		return 0
	}
	return uint16((sum + n/2) / n)
}

func mostly(four [4]uint16) uint16 {
	best, most, rank := uint16(0), 0, -1
	for _, x := range four {
		n, r := 0, 0
		for _, y := range four {
			if x == y {
				n++
			}
		}
		if int(x) < len(classRank) {
			r = classRank[x]
		}
		if n > most || n == most && r > rank {
			best, most, rank = x, n, r
		}
	}
	return best
}
