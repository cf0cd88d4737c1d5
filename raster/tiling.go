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

// cellAt is the cell of a tile that holds the point pt, given in the CRS of g,
// the tile's 10 m grid.
func cellAt(tile string, g Grid, pt orb.Point) Cell {
	side := CellPixels * g.Res
	return Cell{EPSG: g.EPSG, Tile: tile, Col: int(math.Floor((pt[0] - g.X0) / side)), Row: int(math.Floor((g.Y0 - pt[1]) / side))}
}

// Tiling knows the tiles of a season's scenes and which tile a place belongs to
// (its home): a plot is judged in one tile, in that tile's zone. Tiles are those
// of the optical scenes; radar serves on their grids. Where no optical tile
// holds a place, the grid of a radar scene is its tile.
type Tiling struct {
	tiles    map[string]*tileInfo
	names    []string // sorted
	scenes   map[string][]Scene
	radar    []Scene
	unplaced []LeftOut
}

type tileInfo struct {
	grid      Grid // of 10 m pixels
	zone      zone
	footprint orb.Bound
	radar     bool
}

// NewTiling groups scenes by tile. A scene that tells no pixel grid or no
// footprint has no place and belongs to none (ReadCatalog warns of it); one in a
// CRS that is neither UTM nor Gauss–Krüger of CGCS2000 neither (see Unplaced).
func NewTiling(scenes []Scene) *Tiling {
	t := &Tiling{tiles: map[string]*tileInfo{}, scenes: map[string][]Scene{}}
	scenes = append([]Scene(nil), scenes...)
	sortScenes(scenes) // the order given changes nothing
	for _, s := range scenes {
		g := s.grid()
		if g.Width == 0 || len(s.Footprint) == 0 {
			continue
		}
		if z, ok := zoneOf(g.EPSG); ok {
			t.place(s, g, z)
		} else {
			t.unplaced = append(t.unplaced, LeftOut{s, fmt.Sprintf("its CRS EPSG:%d is neither a UTM zone of WGS 84 (326xx, 327xx) nor a Gauss-Krüger zone of CGCS2000 (4491–4554), so its pixels cannot be placed", g.EPSG)})
		}
	}
	sort.Strings(t.names)
	return t
}

func (t *Tiling) place(s Scene, g Grid, z zone) {
	name := s.tile()
	if s.Radar() {
		t.radar = append(t.radar, s)
		if name = "S1_" + name; g.Res != 10 && g.Res != 20 {
			return // LeftOut says why
		}
	} else {
		t.scenes[name] = append(t.scenes[name], s)
	}
	info := t.tiles[name]
	if info == nil {
		k := g.Res / 10
		ten := Grid{EPSG: g.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: int(math.Round(float64(g.Width) * k)), Height: int(math.Round(float64(g.Height) * k))}
		info = &tileInfo{grid: ten, zone: z, footprint: s.Footprint.Bound(), radar: s.Radar()}
		t.tiles[name] = info
		t.names = append(t.names, name)
	}
	info.footprint = info.footprint.Union(s.Footprint.Bound())
}

// Tiles are the names of the tiles, sorted.
func (t *Tiling) Tiles() []string { return t.names }

// Unplaced are the scenes whose CRS cannot be placed, sorted by time, then ID.
func (t *Tiling) Unplaced() []LeftOut { return t.unplaced }

// Home is the cell a place (lon, lat) belongs to: of the tiles whose grid holds
// it, an optical one first, then one in its own zone, then the one where it lies
// deepest (the first by name where equal). ok is false where no tile holds the
// place.
func (t *Tiling) Home(lonlat orb.Point) (cell Cell, ok bool) {
	best, bestRank := -1.0, -1
	for _, name := range t.names {
		info := t.tiles[name]
		if !nearly(info.footprint, lonlat) {
			continue
		}
		p := info.zone.point(lonlat)
		depth := info.grid.depth(orb.Bound{Min: p, Max: p})
		if depth < 0 {
			continue
		}
		rank := 0
		if !info.radar {
			rank += 2
		}
		if info.zone.owns(lonlat) {
			rank++
		}
		if rank > bestRank || rank == bestRank && depth > best {
			best, bestRank, ok = depth, rank, true
			cell = cellAt(name, info.grid, p)
		}
	}
	return cell, ok
}

// depth is how far inside the grid a box (in its CRS) lies, in metres; negative
// where a part of it lies outside.
func (g Grid) depth(b orb.Bound) float64 {
	x1, y0 := g.X0+g.Res*float64(g.Width), g.Y0-g.Res*float64(g.Height)
	return min(b.Min[0]-g.X0, x1-b.Max[0], b.Min[1]-y0, g.Y0-b.Max[1])
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
// grid and whose footprint meets the home tile's; and all radar of which the
// same is true. Sorted by time, then ID.
//
// On a day without the home tile several scenes of one pass may be there, as
// may slices of one pass of radar: Views says which of them a polygon is
// observed in.
func (t *Tiling) Scenes(c Cell) []Scene {
	out, _ := t.divide(c)
	return out
}

// LeftOut are the scenes of other tiles over the same land that could have
// filled a day without the home tile, and radar over it, whose pixels do not
// line up. Sorted by time, then ID.
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
		if name == c.Tile || other.radar || !other.footprint.Intersects(home.footprint) {
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
	for _, s := range t.radar {
		if !s.Footprint.Bound().Intersects(home.footprint) {
			continue
		}
		if why := radarFits(home.grid, s.grid()); why != "" {
			left = append(left, LeftOut{s, why})
		} else {
			out = append(out, s)
		}
	}
	sortScenes(out)
	sort.SliceStable(left, func(i, j int) bool { return before(left[i].Scene, left[j].Scene) })
	return out, left
}
