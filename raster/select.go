package raster

import (
	"fmt"
	"sort"
	"time"
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
	sort.SliceStable(s, func(i, j int) bool { return before(s[i], s[j]) })
}

// before orders scenes by time, then ID.
func before(a, b Scene) bool {
	if !a.Time.Equal(b.Time) {
		return a.Time.Before(b.Time)
	}
	return a.ID < b.ID
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
