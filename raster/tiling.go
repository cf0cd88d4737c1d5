package raster

import (
	"fmt"
	"math"
	"sort"

	"github.com/paulmach/orb"
)

// Cell is a square of 1024 × 1024 pixels of 10 m of a tile's grid: the unit of
// raster work.
type Cell struct {
	EPSG int    `json:"epsg"`
	Tile string `json:"tile"`
	Col  int    `json:"col"`
	Row  int    `json:"row"`
}

// CellPixels is the side of a cell in 10 m pixels.
const CellPixels = 1024

// ID names the cell.
func (c Cell) ID() string { return fmt.Sprintf("%s_%03d_%03d", c.Tile, c.Col, c.Row) }

// CellOf is the cell of a scene's tile that holds the point pt, given in the
// CRS of g, the tile's 10 m grid.
func CellOf(s Scene, g Grid, pt orb.Point) Cell {
	side := CellPixels * g.Res
	return Cell{EPSG: g.EPSG, Tile: s.tile(), Col: int(math.Floor((pt[0] - g.X0) / side)), Row: int(math.Floor((g.Y0 - pt[1]) / side))}
}

// Tiling knows the tiles of a season's scenes and which tile a place belongs to
// (its home): a plot is judged in one tile, in that tile's zone.
type Tiling struct {
	tiles  map[string]*tileInfo
	names  []string // sorted
	scenes map[string][]Scene
}

type tileInfo struct {
	first     Scene
	grid      Grid // of 10 m pixels
	footprint orb.Bound
}

// NewTiling groups scenes by tile. A scene that tells no pixel grid or no
// footprint has no place and belongs to none (ReadCatalog warns of it).
func NewTiling(scenes []Scene) *Tiling {
	t := &Tiling{tiles: map[string]*tileInfo{}, scenes: map[string][]Scene{}}
	for _, s := range scenes {
		name, g := s.tile(), s.grid()
		if g.Width == 0 || len(s.Footprint) == 0 {
			continue
		}
		info := t.tiles[name]
		if info == nil {
			k := g.Res / 10
			ten := Grid{EPSG: g.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: int(math.Round(float64(g.Width) * k)), Height: int(math.Round(float64(g.Height) * k))}
			info = &tileInfo{first: s, grid: ten, footprint: s.Footprint.Bound()}
			t.tiles[name] = info
			t.names = append(t.names, name)
		}
		info.footprint = info.footprint.Union(s.Footprint.Bound())
		t.scenes[name] = append(t.scenes[name], s)
	}
	sort.Strings(t.names)
	return t
}

// Home is the cell a place (lon, lat) belongs to: of the tiles whose grid holds
// it, one in its own UTM zone first, then the one where it lies deepest (the
// first by name where equal). ok is false where no tile holds the place.
func (t *Tiling) Home(lonlat orb.Point) (cell Cell, ok bool) {
	best, bestOwn := -1.0, false
	for _, name := range t.names {
		info := t.tiles[name]
		p, inUTM := utmPoint(lonlat, info.grid.EPSG)
		if !inUTM || !nearly(info.footprint, lonlat) {
			continue
		}
		col, row := (p[0]-info.grid.X0)/10, (info.grid.Y0-p[1])/10
		depth := min(col, row, float64(info.grid.Width)-col, float64(info.grid.Height)-row)
		if depth < 0 {
			continue
		}
		own := info.grid.EPSG%100 == utmZone(lonlat)
		if own && !bestOwn || own == bestOwn && depth > best {
			best, bestOwn, ok = depth, own, true
			cell = CellOf(info.first, info.grid, p)
		}
	}
	return cell, ok
}

// nearly allows for footprints that are rounded or cut.
func nearly(b orb.Bound, p orb.Point) bool { return b.Pad(0.01).Contains(p) }

// Grid is the 10 m grid of a cell's tile: what its polygons are covered on.
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
	out, _ := t.divide(c)
	return out
}

// LeftOut are the scenes of other tiles over the same land that could have
// filled a day without the home tile, but whose pixels do not line up.
func (t *Tiling) LeftOut(c Cell) []LeftOut {
	_, left := t.divide(c)
	return left
}

func (t *Tiling) divide(c Cell) (out []Scene, left []LeftOut) {
	home := t.tiles[c.Tile]
	if home == nil {
		return nil, nil
	}
	out = append(out, t.scenes[c.Tile]...)
	day := func(s Scene) string { return s.Time.UTC().Format("2006-01-02") }
	days := map[string]bool{}
	for _, s := range out {
		days[day(s)] = true
	}
	for _, name := range t.names {
		other := t.tiles[name]
		if name == c.Tile || !other.footprint.Intersects(home.footprint) {
			continue
		}
		for _, s := range t.scenes[name] {
			switch {
			case days[day(s)]:
			case !aligned(home.grid, s.grid()):
				left = append(left, LeftOut{s, fmt.Sprintf("its pixels (EPSG:%d) do not line up with those of the home tile %s (EPSG:%d), and pixels are never resampled", s.grid().EPSG, c.Tile, home.grid.EPSG)})
			default:
				out = append(out, s)
			}
		}
	}
	sortScenes(out)
	return out, left
}
