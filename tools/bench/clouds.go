package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// cloudStep is how many pixels of 20 m apart the clouds of a further date are
// worked out; between these they are interpolated.
const cloudStep = 4

// sclOf is the file with the scene classification of a season's date. The first
// is that of the pixels; on the others the clouds have moved on.
func sclOf(date int) string {
	if date == 0 {
		return "SCL"
	}
	return fmt.Sprintf("SCL_%02d", date+1)
}

// writeClouds makes the scene classification of each further date of a season:
// as much cloud, elsewhere. The land under it is that of the other bands, which
// all dates share.
func (w *workload) writeClouds(ctx context.Context) error {
	dates := w.seasonDates()
	g := newGround(w.ten)
	grid := w.grid(raster.SCL)
	land := make([]uint16, grid.Width*grid.Height)
	for i := range land {
		x, y := grid.X0+(float64(i%grid.Width)+0.5)*grid.Res, grid.Y0-(float64(i/grid.Width)+0.5)*grid.Res
		land[i] = class(0, fieldOf(x, y))
	}
	values := make([]uint16, len(land))
	for d := 1; d < dates; d++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if d%10 == 0 {
			fmt.Fprintf(os.Stderr, "clouds: date %d of %d\n", d, dates)
		}
		for i, c := range g.cloudsOf(d) {
			values[i] = land[i]
			if c != 0 {
				values[i] = class(c, 0)
			}
		}
		if err := gdal.WriteCOG(w.path("scene/"+sclOf(d)+".tif"), grid, values, gdal.COGOptions{Byte: true}); err != nil {
			return err
		}
	}
	return nil
}

// cloudsOf are the clouds and shadows of a date, as cloudMap gives them, after
// they drifted by more than the width of a cloud since the date before.
func (g *ground) cloudsOf(date int) []uint8 {
	w, h := g.ten.Width/2, g.ten.Height/2
	cw, ch := w/cloudStep+2, h/cloudStep+2
	coarse := make([]float64, cw*ch)
	dx, dy := 7.3*g.cloudWide*float64(date), 3.1*g.cloudWide*float64(date)
	for i := range coarse {
		x, y := float64(i%cw)*20*cloudStep, float64(i/cw)*20*cloudStep
		coarse[i] = g.cloudiness(g.ten.X0+x+dx, g.ten.Y0-y+dy)
	}
	sample := make([]float64, 0, len(coarse)/7+1)
	for i := 0; i < len(coarse); i += 7 {
		sample = append(sample, coarse[i])
	}
	slices.Sort(sample)
	above := sample[int((1-cloudShare)*float64(len(sample)))]
	out := make([]uint8, w*h)
	for row := range h {
		top := coarse[row/cloudStep*cw:]
		low := coarse[(row/cloudStep+1)*cw:]
		t := float64(row%cloudStep) / cloudStep
		for col := range w {
			k, s := col/cloudStep, float64(col%cloudStep)/cloudStep
			a, b := top[k]*(1-t)+low[k]*t, top[k+1]*(1-t)+low[k+1]*t
			if a*(1-s)+b*s > above {
				out[row*w+col] = 1
			}
		}
	}
	g.shade(out)
	return out
}
