package season

import (
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// Two tiles of zone 50 that overlap, and a parcel deep in the first: the second
// serves only on the day that the first has nothing, and a tile without aligned
// pixels never does.
func TestScenesThatServeNoParcel(t *testing.T) {
	square := func(west, south, east, north float64) orb.Polygon {
		return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}.ToPolygon()
	}
	scene := func(id, tile string, day int, x0 float64) raster.Scene {
		g := raster.Grid{EPSG: 32650, X0: x0, Y0: 3600000, Res: 10, Width: 10980, Height: 10980}
		return raster.Scene{ID: id, Tile: tile, Time: time.Date(2024, 6, day, 3, 0, 0, 0, time.UTC), EPSG: 32650, Footprint: square(115.5, 31.4, 118.5, 32.6),
			Assets: map[raster.Band]raster.Asset{raster.B04: {Href: id, Grid: g}}}
	}
	scenes := []raster.Scene{
		scene("home1", "50SMA", 1, 399960), scene("next1", "50SNA", 1, 499980), scene("next2", "50SNA", 2, 499980), scene("askew3", "50SNB", 3, 499985),
	}
	// 117° E is easting 500000: 10 km into the first tile from the east, and
	// at the very edge of the others.
	land := []parcels.Parcel{{ID: "a", Polygon: orb.MultiPolygon{square(116.9, 32.0, 116.901, 32.001)}}, {ID: "far", Polygon: orb.MultiPolygon{square(100, 32, 100.001, 32.001)}}}
	var l SceneList
	l.place(land, scenes)
	var used []string
	for _, s := range l.Used {
		used = append(used, s.ID)
	}
	if strings.Join(used, " ") != "home1 next2" || l.Parcels["50SMA"] != 1 || len(l.Parcels) != 1 || l.Homeless != 1 {
		t.Errorf("used %v, parcels %v, %d homeless", used, l.Parcels, l.Homeless)
	}
	why := map[string]string{}
	for _, o := range l.LeftOut {
		why[o.Scene.ID] = o.Why
	}
	if len(why) != 2 || !strings.Contains(why["next1"], "no parcel has its home") || !strings.Contains(why["askew3"], "line up") {
		t.Errorf("left out %v", why)
	}
}

// The box asked of the catalog holds all land, with a margin.
func TestSceneOptions(t *testing.T) {
	var c Config
	if o := c.sceneOptions(nil); o.BBox != nil {
		t.Errorf("no land: %v", o.BBox)
	}
	box := func(w, s float64) orb.MultiPolygon {
		return orb.MultiPolygon{orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{w + 1, s + 1}}.ToPolygon()}
	}
	b := c.sceneOptions([]parcels.Parcel{{Polygon: box(115, 31)}, {Polygon: box(117, 30)}}).BBox
	if *b != (orb.Bound{Min: orb.Point{115 - landMargin, 30 - landMargin}, Max: orb.Point{118 + landMargin, 32 + landMargin}}) {
		t.Errorf("box %v", b)
	}
}
