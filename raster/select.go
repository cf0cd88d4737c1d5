package raster

import (
	"fmt"
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
			if used[i].ID == s.ID || sameAcquisition(used[i], s) {
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

// sameAcquisition reports whether two scenes, close in time, show the same look
// at the same ground. Slices of a radar pass follow each other along the track:
// they are two looks unless they share the grid, a band and most of the ground.
func sameAcquisition(a, b Scene) bool {
	switch {
	case a.Radar() != b.Radar() || a.tile() != b.tile() || !samePlatform(a, b):
		return false
	case a.Radar():
		return onePass(a, b) && a.grid() == b.grid() && shareRadarBand(a, b) && mostlyOver(a.Footprint, b.Footprint)
	}
	return overlap(a, b)
}

func shareRadarBand(a, b Scene) bool {
	for _, band := range RadarBands {
		if _, ok := a.Assets[band]; ok {
			if _, ok := b.Assets[band]; ok {
				return true
			}
		}
	}
	return false
}

// mostlyOver reports whether more than half of the smaller footprint lies in
// the other, by a look at 32 × 32 points of its box.
func mostlyOver(a, b orb.Polygon) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	if planar.Area(a) > planar.Area(b) {
		a, b = b, a
	}
	const n = 32
	box := a.Bound()
	in, both := 0, 0
	for i := range n * n {
		p := orb.Point{
			box.Min[0] + (float64(i%n)+0.5)/n*(box.Max[0]-box.Min[0]),
			box.Min[1] + (float64(i/n)+0.5)/n*(box.Max[1]-box.Min[1]),
		}
		if planar.PolygonContains(a, p) {
			in++
			if planar.PolygonContains(b, p) {
				both++
			}
		}
	}
	return 2*both > in
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
