package season

import (
	"context"
	"fmt"
	"sort"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// landMargin in degrees is added around the land: footprints are rounded.
const landMargin = 0.02

// sceneOptions are what the season asks of its catalog: its days, collections
// and cloud limit, over the box of its land.
func (c *Config) sceneOptions(land []parcels.Parcel) raster.CatalogOptions {
	opt := raster.CatalogOptions{
		Collections: c.Imagery.Collections, MaxCloud: c.Imagery.MaxCloud, Radar: true,
		From: c.Season.Start.Time(), To: c.Season.End.Add(1).Time().Add(-time.Nanosecond),
	}
	var box orb.Bound
	for i, p := range land {
		if i == 0 {
			box = p.Polygon.Bound()
		}
		box = box.Union(p.Polygon.Bound())
	}
	if len(land) > 0 {
		box = box.Pad(landMargin)
		opt.BBox = &box
	}
	return opt
}

// SceneList is what a season would use of its catalog. Both lists are sorted by
// time, then ID.
type SceneList struct {
	Used     []raster.Scene
	LeftOut  []raster.LeftOut
	Warnings []raster.Warning
	// Parcels per home tile, and those that lie in no tile.
	Parcels  map[string]int
	Homeless int
}

// ListScenes says which scenes a season over the county's land would use and
// why it leaves others out, without reading a pixel. adjust changes what is
// asked of the catalog; nil = as the season does. A scene not yet delivered on
// the as-of day (zero = the county file's, which may be none) is left out.
func ListScenes(ctx context.Context, cfg *Config, asOf parcels.Date, adjust func(*raster.CatalogOptions)) (SceneList, error) {
	land, _, _, err := vector.Read(ctx, cfg.Parcels.File, vector.Options{County: cfg.County, IDField: cfg.Parcels.IDField})
	if err != nil {
		return SceneList{}, err
	}
	opt := cfg.sceneOptions(land)
	if adjust != nil {
		adjust(&opt)
	}
	l, err := raster.ListCatalog(ctx, cfg.Imagery.Catalog, opt)
	if err != nil {
		return SceneList{}, err
	}
	if asOf.IsZero() {
		asOf = cfg.AsOf
	}
	out := SceneList{LeftOut: l.LeftOut, Warnings: l.Warnings}
	var delivered []raster.Scene
	for _, s := range l.Scenes {
		if !asOf.IsZero() && parcels.DateOf(s.Time.UTC()).Add(cfg.delay()).After(asOf) {
			out.LeftOut = append(out.LeftOut, raster.LeftOut{Scene: s, Why: fmt.Sprintf("not delivered by %s (%d days after it was taken)", asOf, cfg.delay())})
			continue
		}
		delivered = append(delivered, s)
	}
	selected, left := raster.SelectScenes(delivered)
	out.LeftOut = append(out.LeftOut, left...)
	optical, radar, half := splitRadar(selected)
	for _, s := range half {
		out.LeftOut = append(out.LeftOut, raster.LeftOut{Scene: s, Why: halfRadar})
	}
	raster.SettleOrbits(radar)
	out.place(land, append(optical, radar...))
	sort.SliceStable(out.LeftOut, func(i, j int) bool { return earlier(out.LeftOut[i].Scene, out.LeftOut[j].Scene) })
	return out, nil
}

// earlier orders scenes by time, then ID.
func earlier(a, b raster.Scene) bool {
	if !a.Time.Equal(b.Time) {
		return a.Time.Before(b.Time)
	}
	return a.ID < b.ID
}

// place keeps the scenes that serve the home tile of a parcel.
func (l *SceneList) place(land []parcels.Parcel, selected []raster.Scene) {
	tiling := raster.NewTiling(selected)
	homes := map[string]raster.Cell{}
	l.Parcels = map[string]int{}
	for _, p := range land {
		cell, ok := tiling.Home(parcels.RepresentativePoint(p.Polygon))
		if !ok {
			l.Homeless++
			continue
		}
		l.Parcels[cell.Tile]++
		homes[cell.Tile] = cell
	}
	sort.SliceStable(selected, func(i, j int) bool { return earlier(selected[i], selected[j]) })
	used, why := map[string]bool{}, map[string]string{}
	for _, o := range tiling.Unplaced() {
		why[o.Scene.ID] = o.Why
	}
	for _, tile := range sortedKeys(homes) {
		for _, s := range tiling.Scenes(homes[tile]) {
			used[s.ID] = true
		}
		for _, o := range tiling.LeftOut(homes[tile]) {
			why[o.Scene.ID] = o.Why
		}
	}
	for _, s := range selected {
		switch {
		case used[s.ID]:
			l.Used = append(l.Used, s)
		case why[s.ID] != "":
			l.LeftOut = append(l.LeftOut, raster.LeftOut{Scene: s, Why: why[s.ID]})
		default:
			l.LeftOut = append(l.LeftOut, raster.LeftOut{Scene: s, Why: "no parcel has its home in this tile, and on that day the home tiles have scenes of their own or cannot be placed"})
		}
	}
}
