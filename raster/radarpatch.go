package raster

import (
	"math"
	"sort"
)

// radarPatch is a part of a radar band that is read at once, and the shapes
// whose pixels lie in it.
type radarPatch struct {
	window Window // of the band's grid; may reach over its edge
	dc, dr int    // the band's corner in the tile's pixels
	shapes []int
}

// radarPatchPixels is the side of the squares that shapes are gathered in by
// their upper left corner: 4 MB of floats and a field's width more.
const radarPatchPixels = 1024

// radarPatches gathers the shapes so that each is read whole with its
// neighbours, in the order of rows and columns.
func radarPatches(cover *Cover, g Grid) []radarPatch {
	dc := int(math.Round((g.X0 - cover.Grid10.X0) / g.Res))
	dr := int(math.Round((cover.Grid10.Y0 - g.Y0) / g.Res))
	on := &cover.on10
	if g.Res == 20 {
		on = &cover.on20
	}
	at := map[[2]int]*radarPatch{}
	var order [][2]int
	for k := range cover.Shapes {
		w := on.box(int(cover.slot[k])).window()
		if w.empty() {
			continue
		}
		key := [2]int{w.Row / radarPatchPixels, w.Col / radarPatchPixels}
		p := at[key]
		if p == nil {
			p = &radarPatch{dc: dc, dr: dr}
			at[key] = p
			order = append(order, key)
		}
		w.Col -= dc
		w.Row -= dr
		p.window = p.window.union(w)
		p.shapes = append(p.shapes, k)
	}
	sort.Slice(order, func(i, j int) bool {
		if order[i][0] != order[j][0] {
			return order[i][0] < order[j][0]
		}
		return order[i][1] < order[j][1]
	})
	out := make([]radarPatch, len(order))
	for i, key := range order {
		out[i] = *at[key]
	}
	return out
}
