package parcels

import (
	"math"
	"slices"
	"time"

	"github.com/parus-lending/parus/raster"
)

// The growth layers a season may observe beside the bands.
const (
	LayerLAI    raster.Band = "LAI"
	LayerFAPAR  raster.Band = "FAPAR"
	LayerFCOVER raster.Band = "FCOVER"
	// LayerOutOfDomain is 1 on a pixel unlike those the growth networks know.
	LayerOutOfDomain raster.Band = "OUT_OF_DOMAIN"
)

var growthLayers = []raster.Band{LayerLAI, LayerFAPAR, LayerFCOVER}

// minGrowth is the share of a plot's usable 20 m pixels that must have a growth
// value: where more are unlike anything the networks know (snow, haze, water),
// the rest does not speak for the plot.
const minGrowth = 0.5

// NoteOutOfDomain marks a dekad seen clear whose growth was left out for it.
const NoteOutOfDomain = "out_of_domain"

// SeriesOptions say which scenes count and how the curve is smoothed.
type SeriesOptions struct {
	MinUsable float64 // share of the plot that a scene must see clear; default 0.5
	MinInside float64 // usable 10 m pixels wholly within that a scene must have; default 3
	// Network holds by scene ID the share of the plot that the cloud network calls
	// clear, 0–1, where it was asked.
	Network map[string]float64
	// NoTime keeps time from voting, to measure what its voice does.
	NoTime bool
}

func (o SeriesOptions) withDefaults() SeriesOptions {
	if o.MinUsable == 0 {
		o.MinUsable = 0.5
	}
	if o.MinInside == 0 {
		o.MinInside = 3
	}
	return o
}

const nBands = 10 // len(raster.OpticalBands)

// evi2 is the two-band enhanced vegetation index (Jiang et al. 2008, Remote
// Sensing of Environment 112, eq. 5).
func evi2(red, nir float64) float64 { return 2.5 * (nir - red) / (nir + 2.4*red + 1) }

// BuildSeries puts the observations of one plot, all bands and layers of all
// scenes in any order, on the dekad axis. A scene counts where enough of the
// plot is seen clear and its witnesses agree (Vote). The bands of a dekad
// are the weighted median of its scenes. The curves are smoothed through the scenes
// on their own days with these weights (FillCurve) and read in the middle of each
// dekad. Before the first and after the last scene the nearest value stands,
// Weight 0.
//
// Where no scene counts, the curves are NaN throughout; otherwise they hold no
// NaN, except a growth layer that was never observed. LAIOfMean is left NaN.
func BuildSeries(id string, obs []raster.Observation, axis []Dekad, opt SeriesOptions) Series {
	opt = opt.withDefaults()
	s := emptySeries(id, axis)
	if len(axis) == 0 {
		return s
	}
	first := axis[0].ordinal()
	place := func(t time.Time) int { return DekadOf(DateOf(t.UTC())).ordinal() - first }
	all := looks(obs)
	all = slices.DeleteFunc(all, func(l look) bool { i := place(l.time); return i < 0 || i >= len(axis) })
	var counted []look
	byDekad := make([][]look, len(axis))
	for k, v := range opt.votes(all) {
		l, i := &all[k], place(all[k].time)
		s.InsidePixels = math.Max(s.InsidePixels, l.inside)
		s.Usable[i] = math.Max(s.Usable[i], l.share)
		s.UsableVote[i] = math.Max(s.UsableVote[i], v.Usable)
		if v.LeftOut {
			s.LeftOut[i] = append(s.LeftOut[i], v)
		}
		if v.Counts {
			l.weight = v.Usable
			counted = append(counted, *l)
			byDekad[i] = append(byDekad[i], *l)
			s.Weight[i] = math.Max(s.Weight[i], v.Usable)
		}
	}
	s.ClearDates = clearDates(counted)
	for i, ls := range byDekad {
		for b := range nBands {
			s.Bands[i][b] = median(ls, func(l *look) float64 { return l.bands[b] })
		}
		s.OutOfDomain[i] = median(ls, func(l *look) float64 { return l.out })
		if !math.IsNaN(s.OutOfDomain[i]) && math.IsNaN(median(ls, func(l *look) float64 { return l.layers[0] })) {
			s.GrowthNote[i] = NoteOutOfDomain
		}
	}
	s.curves(counted)
	s.spreads(byDekad)
	return s
}

// spreads adds the spread between pixels to the deviation of growth: σ² of the
// curve + variance of the mean over the pixels on the dekad's dates; where it has
// none, the median of the others.
func (s *Series) spreads(byDekad [][]look) {
	for k, sigma := range [][]float64{s.LAISigma, s.FAPARSigma, s.FCOVERSigma} {
		variance := make([]float64, len(byDekad))
		var known []float64
		for i, ls := range byDekad {
			variance[i] = median(ls, func(l *look) float64 { return l.spread[k] })
			if !math.IsNaN(variance[i]) {
				known = append(known, variance[i])
			}
		}
		for i, v := range variance {
			if len(known) == 0 {
				v = 0
			} else if math.IsNaN(v) {
				v = quantile(known, 0.5)
			}
			sigma[i] = math.Sqrt(sigma[i]*sigma[i] + v)
		}
	}
}

// What one look is off by at least, standard deviation: below this the scatter
// of a curve is not believed.
const (
	leastIndex = 0.01
	leastLAI   = 0.05
	leastShare = 0.01 // FAPAR, FCOVER
)

// curves fills the series' curves from the looks on their own days.
func (s *Series) curves(ls []look) {
	start := s.Dekads[0].Start().Time()
	days := func(t time.Time) float64 { return t.Sub(start).Hours() / 24 }
	at := s.middles()
	of := func(value func(*look) float64) []sample {
		var out []sample
		for i := range ls {
			if v := value(&ls[i]); !math.IsNaN(v) && !math.IsInf(v, 0) && ls[i].weight > 0 {
				out = append(out, sample{days(ls[i].time), v, ls[i].weight})
			}
		}
		return out
	}
	s.looks = of((*look).ndvi)
	s.NDVI, s.NDVISigma = fill(s.looks, at, leastIndex, -1, 1)
	s.EVI2, _ = fill(of((*look).evi2), at, leastIndex, -1, 2.5)
	for k, dst := range []struct {
		v, sigma   *[]float64
		least, top float64
	}{{&s.LAI, &s.LAISigma, leastLAI, 10}, {&s.FAPAR, &s.FAPARSigma, leastShare, 1}, {&s.FCOVER, &s.FCOVERSigma, leastShare, 1}} {
		*dst.v, *dst.sigma = fill(of(func(l *look) float64 { return l.layers[k] }), at, dst.least, 0, dst.top)
	}
}

func emptySeries(id string, axis []Dekad) Series {
	n := len(axis)
	s := Series{ParcelID: id, Dekads: slices.Clone(axis), Usable: make([]float64, n), UsableVote: make([]float64, n), LeftOut: make([][]Vote, n), Weight: make([]float64, n), Bands: make([][]float64, n),
		NDVI: nans(n), EVI2: nans(n), LAI: nans(n), FAPAR: nans(n), FCOVER: nans(n), NDVISigma: nans(n), LAISigma: nans(n), FAPARSigma: nans(n), FCOVERSigma: nans(n), LAIOfMean: nans(n), OutOfDomain: nans(n), GrowthNote: make([]string, n)}
	for i := range s.Bands {
		s.Bands[i] = nans(nBands)
	}
	return s
}

func nans(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}
