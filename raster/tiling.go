package raster

import (
	"math"

	"github.com/paulmach/orb"
)

// Home is the cell a place (lon, lat) belongs to: of the tiles whose grid holds
// it, one in its own UTM zone first, then the one where it lies deepest. xy
// projects the place into a CRS by its EPSG code. ok is false where no tile
// holds the place.
func (t *Tiling) Home(lonlat orb.Point, xy func(epsg int) (orb.Point, error)) (cell Cell, ok bool) {
	zone := int(math.Floor((lonlat[0]+180)/6)) + 1
	best, bestOwn := -1.0, false
	for _, name := range t.names {
		info := t.tiles[name]
		if !info.footprint.Contains(lonlat) && !nearly(info.footprint, lonlat) {
			continue
		}
		p, err := xy(info.grid.EPSG)
		if err != nil {
			continue
		}
		col, row := (p[0]-info.grid.X0)/10, (info.grid.Y0-p[1])/10
		depth := min(col, row, float64(info.grid.Width)-col, float64(info.grid.Height)-row)
		if depth < 0 {
			continue
		}
		own := info.zone == zone
		if own && !bestOwn || own == bestOwn && depth > best {
			best, bestOwn = depth, own
			cell = Cell{EPSG: info.grid.EPSG, Tile: name, Col: int(col) / CellPixels, Row: int(row) / CellPixels}
			ok = true
		}
	}
	return cell, ok
}

// nearly allows for footprints that are rounded or cut.
func nearly(b orb.Bound, p orb.Point) bool {
	const deg = 0.01
	return p[0] >= b.Min[0]-deg && p[0] <= b.Max[0]+deg && p[1] >= b.Min[1]-deg && p[1] <= b.Max[1]+deg
}

// Grid is the 10 m grid of a cell's tile.
func (t *Tiling) Grid(c Cell) Grid {
	if info := t.tiles[c.Tile]; info != nil {
		return info.grid
	}
	return Grid{}
}

// Scenes are the scenes of a cell: all of its home tile and, on days when the
// home tile has none, those of another tile whose pixels line up with the home
// grid and whose footprint meets the home tile's. Sorted by time, then ID.
func (t *Tiling) Scenes(c Cell) []Scene {
	out := append([]Scene(nil), t.scenes[c.Tile]...)
	home := t.tiles[c.Tile]
	if home == nil {
		return nil
	}
	days := map[string]bool{}
	for _, s := range out {
		days[s.Time.UTC().Format("2006-01-02")] = true
	}
	for _, name := range t.names {
		if name == c.Tile || !aligned(home.grid, t.tiles[name].grid) || !t.tiles[name].footprint.Intersects(home.footprint) {
			continue
		}
		for _, s := range t.scenes[name] {
			if !days[s.Time.UTC().Format("2006-01-02")] {
				out = append(out, s)
			}
		}
	}
	sortScenes(out)
	return out
}
