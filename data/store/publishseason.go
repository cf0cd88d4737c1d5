package store

import (
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/data/rundir"
)

func (l *loader) cycles() (int64, error) {
	return copyRows(l.ctx, l.tx, `parus.cycle (run, county, plot_id, cycle, emergence, peak, harvest_p25, harvest_p50, harvest_p75, crop, crop_probability,
		crop_declared, crop_model, in_service, growth_grade, fapar_days, lai_peak, yield_p10_kg_mu, yield_p25_kg_mu, yield_p50_kg_mu, yield_p90_kg_mu,
		yield_crop, yield_basis, complete, perennial, current, assessable, reason, inside_pixels, clear_dates, radar_dates, seen_share, last_clear, unread, bright_cover)`,
		func(r *rows) error {
			return rundir.Each(l.file(rundir.CyclesFile), func(cs []rundir.Cycle) error {
				for i := range cs {
					if err := l.cycle(r, &cs[i]); err != nil {
						return fmt.Errorf("cycle %d of plot %s: %w", cs[i].Cycle, cs[i].ParcelID, err)
					}
				}
				return nil
			})
		})
}

func (l *loader) cycle(r *rows, c *rundir.Cycle) error {
	l.key(r, 33)
	r.text(c.ParcelID)
	r.int4(c.Cycle)
	for _, day := range []string{c.Emergence, c.Peak, c.HarvestP25, c.HarvestP50, c.HarvestP75} {
		if err := r.date(day); err != nil {
			return err
		}
	}
	r.known(c.Crop)
	r.float4p(c.CropProbability)
	r.known(c.CropDeclared)
	r.known(c.CropModel)
	r.bool(c.InService)
	r.int4p(c.GrowthGrade)
	for _, v := range []*float64{c.FAPARIntegral, c.LAIPeak, c.YieldP10, c.YieldP25, c.YieldP50, c.YieldP90} {
		r.float4p(v)
	}
	r.known(c.YieldCrop)
	r.known(c.YieldBasis)
	for _, v := range []bool{c.Complete, c.Perennial, c.Current, c.Assessable} {
		r.bool(v)
	}
	r.known(c.Reason)
	r.float4(c.InsidePixels)
	r.int4(c.ClearDates)
	r.int4(c.RadarDates)
	r.float4(c.SeenShare)
	if err := r.date(c.LastClear); err != nil {
		return err
	}
	r.known(c.Unread)
	r.bool(c.BrightCover)
	return nil
}

// axis is the time axis of a run's series: the dates of its first plot.
func axis(path string) (dates []string, err error) {
	type step struct {
		ParcelID string `parquet:"parcel_id,dict"`
		Date     string `parquet:"date,dict"`
	}
	first := ""
	err = rundir.Each(path, func(rows []step) error {
		for i, s := range rows {
			if i == 0 && len(dates) == 0 {
				first = s.ParcelID
			}
			if s.ParcelID != first {
				return errEnough
			}
			dates = append(dates, s.Date)
		}
		return nil
	})
	if err == errEnough {
		err = nil
	}
	return dates, err
}

var errEnough = fmt.Errorf("no more rows are wanted")

// SeriesColumns are the arrays of real of parus.series, in the order of curve's.
const SeriesColumns = "usable, usable_vote, weight, ndvi, evi2, lai, fapar, fcover, lai_of_mean, ndvi_sigma, lai_sigma, fapar_sigma, fcover_sigma, out_of_domain, vv, vh, b02, b03, b04, b05, b06, b07, b08, b8a, b11, b12"

// curve is one plot's series, turned from rows into one array a variable.
type curve struct {
	plot       string
	inside     float64
	clear      int32
	orbit      string
	dates      []string
	leftOut    []string
	growthNote []string
	radarDates []int32
	values     [26][]float32
}

func (c *curve) begin(plot string) {
	*c = curve{plot: plot, dates: c.dates[:0], leftOut: c.leftOut[:0], growthNote: c.growthNote[:0], radarDates: c.radarDates[:0], values: c.values}
	for i := range c.values {
		c.values[i] = c.values[i][:0]
	}
}

func (c *curve) add(s *rundir.SeriesRow) {
	c.inside, c.clear = max(c.inside, s.InsidePixels), max(c.clear, s.ClearDates)
	if s.RadarOrbit != "" {
		c.orbit = s.RadarOrbit
	}
	c.dates = append(c.dates, s.Date)
	c.leftOut = append(c.leftOut, s.LeftOut)
	c.growthNote = append(c.growthNote, s.GrowthNote)
	c.radarDates = append(c.radarDates, s.RadarDates)
	for i, v := range [...]*float64{&s.Usable, &s.UsableVote, &s.Weight, s.NDVI, s.EVI2, s.LAI, s.FAPAR, s.FCOVER, s.LAIOfMean, s.NDVISigma, s.LAISigma, s.FAPARSigma, s.FCOVERSigma,
		s.OutOfDomain, s.VV, s.VH, s.B02, s.B03, s.B04, s.B05, s.B06, s.B07, s.B08, s.B8A, s.B11, s.B12} {
		x := float32(math.NaN())
		if v != nil {
			x = float32(*v)
		}
		c.values[i] = append(c.values[i], x)
	}
}

func (l *loader) series() (int64, error) {
	return copyRows(l.ctx, l.tx, "parus.series (run, county, plot_id, inside_pixels, clear_dates, radar_orbit, left_out, growth_note, radar_dates, "+SeriesColumns+")", func(r *rows) error {
		var c curve
		flush := func() error {
			if len(c.dates) == 0 {
				return nil
			}
			if !slices.Equal(c.dates, l.axis) {
				return fmt.Errorf("%s: plot %s has other dates than the first plot", rundir.SeriesFile, c.plot)
			}
			l.key(r, 7+len(c.values))
			r.text(c.plot)
			r.float4(c.inside)
			r.int4(c.clear)
			r.known(c.orbit)
			r.anyText(c.leftOut)
			r.anyText(c.growthNote)
			r.anyInt(c.radarDates)
			for _, v := range c.values {
				r.floats(v)
			}
			return nil
		}
		err := rundir.Each(l.file(rundir.SeriesFile), func(rows []rundir.SeriesRow) error {
			for i := range rows {
				if rows[i].ParcelID != c.plot {
					if err := flush(); err != nil {
						return err
					}
					c.begin(rows[i].ParcelID)
				}
				c.add(&rows[i])
			}
			return nil
		})
		if err != nil {
			return err
		}
		return flush()
	})
}

// anyText and anyInt write an array, and a null in its place where it says nothing.
func (r *rows) anyText(v []string) {
	if slices.ContainsFunc(v, func(s string) bool { return s != "" }) {
		r.texts(v)
		return
	}
	r.null()
}

func (r *rows) anyInt(v []int32) {
	if slices.ContainsFunc(v, func(n int32) bool { return n != 0 }) {
		r.ints(v)
		return
	}
	r.null()
}
