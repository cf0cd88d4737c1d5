package raster

import (
	"fmt"
	"math"
	"sort"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// LeftOut is a scene a season would not use, and why.
type LeftOut struct {
	Scene Scene
	Why   string
}

// samePass is the time within which two items of one tile and platform are one
// acquisition.
const samePass = 10 * time.Minute

// SelectScenes keeps one scene per acquisition and tile: of two processing
// baselines the newer. Both results are sorted by time, then ID.
func SelectScenes(scenes []Scene) (used []Scene, left []LeftOut) {
	sorted := append([]Scene(nil), scenes...)
	sortScenes(sorted)
	for _, s := range sorted {
		k := -1
		for i := len(used) - 1; i >= 0 && s.Time.Sub(used[i].Time) <= samePass; i-- {
			if used[i].ID == s.ID || used[i].tile() == s.tile() && samePlatform(used[i], s) && overlap(used[i], s) {
				k = i
				break
			}
		}
		switch {
		case k < 0:
			used = append(used, s)
		case s.Baseline > used[k].Baseline:
			left = append(left, LeftOut{used[k], fmt.Sprintf("the same acquisition in a newer baseline %s (%s)", s.Baseline, s.ID)})
			used[k] = s
		default:
			left = append(left, LeftOut{s, fmt.Sprintf("the same acquisition is used as %s (baseline %s)", used[k].ID, used[k].Baseline)})
		}
	}
	sortScenes(used)
	return used, left
}

func samePlatform(a, b Scene) bool {
	return a.Platform == b.Platform || a.Platform == "" || b.Platform == ""
}

func overlap(a, b Scene) bool {
	if len(a.Footprint) == 0 || len(b.Footprint) == 0 {
		return true
	}
	return a.Footprint.Bound().Intersects(b.Footprint.Bound())
}

func sortScenes(s []Scene) {
	sort.SliceStable(s, func(i, j int) bool {
		if !s[i].Time.Equal(s[j].Time) {
			return s[i].Time.Before(s[j].Time)
		}
		return s[i].ID < s[j].ID
	})
}

// tile is the MGRS tile, or the corner of the grid where it is not told: two
// scenes of one tile share it.
func (s Scene) tile() string {
	if s.Tile != "" {
		return s.Tile
	}
	g := s.grid()
	return fmt.Sprintf("%d_%.0f_%.0f", s.EPSG, g.X0, g.Y0)
}

// grid is the finest pixel grid any asset tells.
func (s Scene) grid() Grid {
	for _, b := range []Band{B02, B03, B04, B08, B05, B06, B07, B8A, B11, B12, SCL, VV, VH} {
		if a, ok := s.Assets[b]; ok && a.Grid.Width > 0 {
			return a.Grid
		}
	}
	return Grid{EPSG: s.EPSG}
}

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

// Tiling knows the tiles of a season's scenes and which tile a place belongs to
// (its home): a plot is judged in one tile, in that tile's zone.
type Tiling struct {
	tiles  map[string]*tileInfo
	names  []string
	scenes map[string][]Scene
}

type tileInfo struct {
	name      string
	grid      Grid // of 10 m pixels
	footprint orb.Bound
	area      orb.Polygon // lon, lat of the grid's corners, from the scenes' footprints
	zone      int
}

// NewTiling groups scenes by tile.
func NewTiling(scenes []Scene) *Tiling {
	t := &Tiling{tiles: map[string]*tileInfo{}, scenes: map[string][]Scene{}}
	for _, s := range scenes {
		name := s.tile()
		g := s.grid()
		if g.Width == 0 || len(s.Footprint) == 0 {
			continue
		}
		if t.tiles[name] == nil {
			k := g.Res / 10
			ten := Grid{EPSG: s.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: int(math.Round(float64(g.Width) * k)), Height: int(math.Round(float64(g.Height) * k))}
			t.tiles[name] = &tileInfo{name: name, grid: ten, footprint: s.Footprint.Bound(), area: s.Footprint, zone: s.EPSG % 100}
			t.names = append(t.names, name)
		} else if info := t.tiles[name]; planar.Area(s.Footprint) > planar.Area(info.area) {
			info.area = s.Footprint // the fullest swath tells most of the tile
		}
		info := t.tiles[name]
		info.footprint = info.footprint.Union(s.Footprint.Bound())
		t.scenes[name] = append(t.scenes[name], s)
	}
	sort.Strings(t.names)
	return t
}
