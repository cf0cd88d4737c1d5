package season

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// Radar is observed beside the optical scenes, cell by cell and scene by scene,
// and needs neither ground nor growth networks: its tasks do not change with
// them.

// radarOnly is the reason of a row whose crop radar names though clear dates
// are too few: it tells no dates, growth or yield, and no limit rests on it.
const radarOnly = "radar_only"

// splitRadar parts optical scenes from radar, and from radar that tells only
// one polarisation, which makes no series.
func splitRadar(scenes []raster.Scene) (optical, radar, half []raster.Scene) {
	for _, s := range scenes {
		_, vv := s.Assets[raster.VV]
		_, vh := s.Assets[raster.VH]
		switch {
		case !s.Radar():
			optical = append(optical, s)
		case vv && vh:
			radar = append(radar, s)
		default:
			half = append(half, s)
		}
	}
	return optical, radar, half
}

const halfRadar = "radar with one polarisation: a series needs VV and VH"

// radarTasks are the observe tasks of a cell's radar scenes.
func (c *cellPlan) radarTasks() []Task {
	out := make([]Task, len(c.radar))
	for i, s := range c.radar {
		out[i] = Task{Stage: stageObserve, Cell: c.cell.ID(), Land: c.radarLand[i], Scenes: []raster.Scene{s}}.seal()
	}
	return out
}

func (w *worker) runObserveRadar(ctx context.Context, t Task) error {
	cover, err := w.cover(t.Land)
	if err != nil {
		return err
	}
	res, err := raster.ObserveRadar(ctx, w.reader, t.Scenes[0], cover, raster.ObserveOptions{})
	if err != nil {
		return err
	}
	rows := make([]rundir.Observation, 0, res.Len())
	for _, o := range res.Rows() {
		rows = append(rows, observationRow(o))
	}
	f := footer{Partial: res.Unreadable}
	for _, x := range res.Warnings {
		f.Warnings = append(f.Warnings, rundir.Warning{Stage: t.Stage, Code: x.Code, Subject: x.Subject, Detail: x.Detail})
	}
	return store(w.eng.cache, t, rows, f)
}

// addRadar fills the radar part of a series from all observations of the plot.
func addRadar(s *parcels.Series, obs []raster.Observation) {
	s.Radar = parcels.BuildRadar(obs, s.Dekads, parcels.RadarOptions{})
	s.InsidePixels = max(s.InsidePixels, s.Radar.Inside) // fewer than of 10 m where radar has 20 m
}

// radarRow fills the radar columns of row i of a series.
func radarRow(r *rundir.SeriesRow, radar parcels.Radar, i int) {
	if i < len(radar.Dates) && radar.Dates[i] > 0 {
		r.VV, r.VH = known(round(radar.VV[i], 1e-4)), known(round(radar.VH[i], 1e-4))
		r.RadarDates, r.RadarOrbit = int32(radar.Dates[i]), radar.Orbit
	}
}

// radarInput fills what radar saw in dekad k of a series.
func radarInput(in *models.CropInput, s parcels.Series, k int) {
	if k < len(s.Radar.VV) {
		in.Radar[s.Dekads[k].Index] = [2]float64{s.Radar.VV[k], s.Radar.VH[k]}
	}
}

// wholeWindow is the last year of a series as the crop network takes it: all
// that was seen, optical and radar. No cycle is looked for.
func wholeWindow(s parcels.Series) models.CropInput {
	in := models.EmptyCropInput()
	for k := max(0, len(s.Dekads)-len(in.Bands)); k < len(s.Dekads); k++ {
		copy(in.Bands[s.Dekads[k].Index][:], s.Bands[k])
		radarInput(&in, s, k)
	}
	return in
}

// radarSpeaks reports whether radar alone may name the crop of a plot that has
// too few clear dates: the network's card says of how many dekads.
func radarSpeaks(card *models.Card, s parcels.Series) bool {
	return card.MinRadarDates > 0 && s.Radar.Dekads() >= card.MinRadarDates
}

// tellRadar warns where radar saw only a part of the plots.
func (p *plan) tellRadar(cycles []rundir.Cycle) {
	if p.info.Counts["radar_scenes"] == 0 {
		return
	}
	without, all, first := 0, 0, ""
	for i, c := range cycles { // sorted by plot
		if i > 0 && cycles[i-1].ParcelID == c.ParcelID {
			continue
		}
		if all++; c.RadarDates == 0 {
			if without++; first == "" {
				first = c.ParcelID
			}
		}
	}
	if without > 0 {
		p.warn(stageSeries, "radar_in_part", fmt.Sprintf("%d of %d plots and parcels", without, all),
			"no radar scene shows them with enough pixels, from "+first+" on; they are judged by optical dates alone")
	}
}
