package season

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// findFarmers follows the lease chains and dissolves the land of each grower
// into plots.
func (p *plan) findFarmers(context.Context) error {
	p.records.ActForHouseholds(p.asOf)
	ids := make([]string, len(p.parcels))
	for i, pc := range p.parcels {
		ids[i] = pc.ID
	}
	p.farmers = parcels.Farmers(ids, p.records.Contracts, p.records.Transfers, p.asOf, p.asOf)
	for _, id := range ids {
		if f := p.farmers[id]; f.Conflict != "" {
			p.warn("plan", "tenure_conflict", id, f.Conflict)
		}
	}
	declared := p.declaredInOrder()
	epsg := map[string]int{}
	for _, pc := range p.parcels {
		epsg[pc.ID] = p.homeEPSG(pc.Polygon)
	}
	plots, notes := parcels.GroupPlots(p.parcels, p.farmers, parcels.PlotOptions{
		EPSG: func(pc parcels.Parcel) int { return epsg[pc.ID] },
		Key:  func(id string) string { return strings.Join(slices.Sorted(slices.Values(declared[id])), "+") },
	})
	for _, n := range notes {
		p.warn("plan", "plot_not_dissolved", "", n)
	}
	p.plots = plots
	p.plotOf = map[string]string{}
	for _, pl := range plots {
		for _, id := range pl.ParcelIDs {
			p.plotOf[id] = pl.ID
		}
	}
	p.info.Counts["plots"] = len(plots)
	return nil
}

// homeEPSG is the CRS of the tile a polygon belongs to; its own UTM zone where
// no tile holds it.
func (p *plan) homeEPSG(lonlat orb.MultiPolygon) int {
	pt := parcels.RepresentativePoint(lonlat)
	if c, ok := p.tiling.Home(pt); ok {
		return c.EPSG
	}
	return parcels.UTMEPSG(pt[0], pt[1])
}

// settleOffsets looks at a fixed sample of every scene and settles its
// radiometric offset once.
func (p *plan) settleOffsets(ctx context.Context) error {
	p.opt.Progress.Stage("offsets", len(p.scenes))
	readers := make([]raster.Reader, workers(p.opt))
	for i := range readers {
		readers[i] = gdal.Open(gdal.Options{})
		defer readers[i].Close()
	}
	warns, err := raster.SettleScenes(ctx, readers, p.scenes, p.sample, p.opt.Progress.Step)
	if err != nil {
		return err
	}
	p.warnAll("plan", warns)
	p.tiling = raster.NewTiling(p.scenes)
	return nil
}

// sample keeps what was sampled beside the cache: a second run opens nothing.
func (p *plan) sample(ctx context.Context, r raster.Reader, s raster.Scene) (raster.Sample, error) {
	prints := map[raster.Band]string{}
	for b, a := range s.Assets {
		prints[b] = a.Fingerprint()
	}
	name := "sample-" + keyOf(sampleVersion, prints) + ".json"
	var out raster.Sample
	if p.cache.has(name) {
		return out, p.cache.getJSON(name, &out)
	}
	out, err := raster.SampleScene(ctx, r, s)
	if err != nil {
		return out, err
	}
	return out, writeBytes(p.cache.path(name), []byte(jsonText(out)))
}

const sampleVersion = 2

// layOut gives every plot, and every parcel of no plot, its home cell.
func (p *plan) layOut(context.Context) error {
	byCell := map[raster.Cell][]raster.Shape{}
	for _, pl := range p.plots {
		at, err := parcels.Unproject(orb.MultiPolygon{{{pl.Point}}}, pl.EPSG)
		if err != nil {
			return fmt.Errorf("plot %s: %w", pl.ID, err)
		}
		cell, ok := p.tiling.Home(at[0][0][0])
		if !ok {
			p.noView[pl.ID] = "no_imagery"
			continue
		}
		poly, err := reproject(pl.Polygon, pl.EPSG, cell.EPSG)
		if err != nil {
			return fmt.Errorf("plot %s: %w", pl.ID, err)
		}
		byCell[cell] = append(byCell[cell], raster.Shape{ID: pl.ID, Kind: "plot", Polygon: poly})
	}
	for _, pc := range p.parcels {
		if p.plotOf[pc.ID] != "" {
			continue
		}
		cell, ok := p.tiling.Home(parcels.RepresentativePoint(pc.Polygon))
		if !ok {
			p.noView[pc.ID] = "no_imagery"
			continue
		}
		poly := pc.Source
		if pc.SourceEPSG != cell.EPSG || len(poly) == 0 {
			var err error
			if poly, err = parcels.Project(pc.Polygon, cell.EPSG); err != nil {
				return fmt.Errorf("parcel %s: %w", pc.ID, err)
			}
		}
		byCell[cell] = append(byCell[cell], raster.Shape{ID: pc.ID, Kind: "parcel", Polygon: poly})
	}
	if n := len(p.noView); n > 0 && len(p.scenes) > 0 {
		p.warn("plan", "no_imagery", fmt.Sprintf("%d plots and parcels", n), "no scene covers them; they are not assessable")
	}
	for cell, shapes := range byCell {
		sort.Slice(shapes, func(i, j int) bool { return shapes[i].ID < shapes[j].ID })
		cp, err := p.cellPlan(cell, shapes)
		if err != nil {
			return err
		}
		p.cells = append(p.cells, cp)
	}
	sort.Slice(p.cells, func(i, j int) bool { return p.cells[i].cell.ID() < p.cells[j].cell.ID() })
	p.info.Counts["cells"] = len(p.cells)
	told := map[string]bool{}
	for _, c := range p.cells {
		for _, l := range p.tiling.LeftOut(c.cell) {
			if key := c.cell.Tile + " " + l.Scene.ID; !told[key] {
				told[key] = true
				p.warn("plan", "scene_left_out", l.Scene.ID, l.Why)
			}
		}
	}
	return nil
}

// cellPlan is a cell with its shapes, the scenes that look at it and, for each,
// the land it is to observe: all, or its part where several scenes fill a day.
func (p *plan) cellPlan(cell raster.Cell, shapes []raster.Shape) (cellPlan, error) {
	cp := cellPlan{cell: cell, shapes: shapes}
	grid := p.tiling.Grid(cell)
	var err error
	if cp.land, err = p.cache.putJSON("land", landFile{cell, grid, shapes}); err != nil {
		return cp, err
	}
	for _, v := range p.tiling.Views(cell, shapes) {
		land := cp.land
		if len(v.Shapes) < len(shapes) {
			part := make([]raster.Shape, len(v.Shapes))
			for i, k := range v.Shapes {
				part[i] = shapes[k]
			}
			if land, err = p.cache.putJSON("land", landFile{cell, grid, part}); err != nil {
				return cp, err
			}
		}
		if v.Scene.Radar() {
			cp.radar, cp.radarLand = append(cp.radar, v.Scene), append(cp.radarLand, land)
			continue
		}
		cp.scenes = append(cp.scenes, v.Scene)
		cp.sceneLand = append(cp.sceneLand, land)
	}
	return cp, nil
}

// reproject takes a polygon from one projected CRS to another: a plot is
// dissolved in the zone of its parcels, but its middle may lie in the next.
func reproject(mp orb.MultiPolygon, from, to int) (orb.MultiPolygon, error) {
	if from == to {
		return mp, nil
	}
	lonlat, err := parcels.Unproject(mp, from)
	if err != nil {
		return nil, err
	}
	return parcels.Project(lonlat, to)
}
