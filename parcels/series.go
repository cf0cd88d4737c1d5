package parcels

import (
	"math"
	"slices"
	"sort"
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
	// Lambda is the smoothness of the Whittaker smoother on the dekad axis;
	// default 0.5: one fully seen dekad out of line moves by about a fifth.
	Lambda float64
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
	if o.Lambda == 0 {
		o.Lambda = 0.5
	}
	return o
}

const nBands = 10 // len(raster.OpticalBands)

// look is one scene over the plot.
type look struct {
	scene  string
	time   time.Time
	share  float64 // usable ÷ total
	doubt  float64 // share of what is usable that SCL doubts
	weight float64 // share, less where witnesses doubt
	inside float64
	bands  [nBands]float64 // NaN = not seen
	layers [3]float64      // LAI, FAPAR, FCOVER; NaN = none
	out    float64         // share of pixels out of the growth networks' domain; NaN = no growth observed
}

func (l *look) band(b raster.Band) float64 { return l.bands[slices.Index(raster.OpticalBands, b)] }

// ndvi is NaN where a band is missing.
func (l *look) ndvi() float64 { return ndvi(l.band(raster.B04), l.band(raster.B08)) }

func ndvi(red, nir float64) float64 {
	if !(red+nir > 0) {
		return math.NaN()
	}
	return math.Max(-1, math.Min(1, (nir-red)/(nir+red)))
}

// evi2 is the two-band enhanced vegetation index (Jiang et al. 2008, Remote
// Sensing of Environment 112, eq. 5).
func evi2(red, nir float64) float64 { return 2.5 * (nir - red) / (nir + 2.4*red + 1) }

// BuildSeries puts the observations of one plot, all bands and layers of all
// scenes in any order, on the dekad axis. A scene counts where enough of the
// plot is seen clear and its witnesses agree (Vote). The value of a dekad is the
// weighted median of its scenes; gaps are filled and the curve smoothed with these weights. Before
// the first and after the last seen dekad the nearest value stands, Weight 0.
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
	red, nir := slices.Index(raster.OpticalBands, raster.B04), slices.Index(raster.OpticalBands, raster.B08)
	var layers [3][]float64
	for k := range layers {
		layers[k] = nans(len(axis))
	}
	for i, ls := range byDekad {
		for b := range nBands {
			s.Bands[i][b] = median(ls, func(l *look) float64 { return l.bands[b] })
		}
		if v := ndvi(s.Bands[i][red], s.Bands[i][nir]); !math.IsNaN(v) {
			s.NDVI[i], s.EVI2[i] = v, evi2(s.Bands[i][red], s.Bands[i][nir])
		}
		for k := range layers {
			layers[k][i] = median(ls, func(l *look) float64 { return l.layers[k] })
		}
		s.OutOfDomain[i] = median(ls, func(l *look) float64 { return l.out })
		if !math.IsNaN(s.OutOfDomain[i]) && math.IsNaN(layers[0][i]) {
			s.GrowthNote[i] = NoteOutOfDomain
		}
	}
	s.NDVI = fill(s.NDVI, s.Weight, opt.Lambda, -1, 1)
	s.EVI2 = fill(s.EVI2, s.Weight, opt.Lambda, -1, 2.5)
	s.LAI = fill(layers[0], s.Weight, opt.Lambda, 0, 10)
	s.FAPAR = fill(layers[1], s.Weight, opt.Lambda, 0, 1)
	s.FCOVER = fill(layers[2], s.Weight, opt.Lambda, 0, 1)
	return s
}

func emptySeries(id string, axis []Dekad) Series {
	n := len(axis)
	s := Series{ParcelID: id, Dekads: slices.Clone(axis), Usable: make([]float64, n), UsableVote: make([]float64, n), LeftOut: make([][]Vote, n), Weight: make([]float64, n), Bands: make([][]float64, n),
		NDVI: nans(n), EVI2: nans(n), LAI: nans(n), FAPAR: nans(n), FCOVER: nans(n), LAIOfMean: nans(n), OutOfDomain: nans(n), GrowthNote: make([]string, n)}
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

// looks gathers observations by scene, in the order of time.
func looks(obs []raster.Observation) []look {
	at := map[string]int{}
	var out []look
	sorted := slices.Clone(obs)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := &sorted[i], &sorted[j]
		if !a.Time.Equal(b.Time) {
			return a.Time.Before(b.Time)
		}
		if a.SceneID != b.SceneID {
			return a.SceneID < b.SceneID
		}
		return a.Band < b.Band
	})
	tenMetre := map[string]bool{}
	used, judged := map[string][3]float64{}, map[string]float64{} // 20 m pixels with a growth value, and all usable ones
	for _, o := range sorted {
		i, ok := at[o.SceneID]
		if !ok {
			i = len(out)
			at[o.SceneID] = i
			l := look{scene: o.SceneID, time: o.Time}
			for b := range l.bands {
				l.bands[b] = math.NaN()
			}
			l.layers, l.out = [3]float64{math.NaN(), math.NaN(), math.NaN()}, math.NaN()
			out = append(out, l)
		}
		l := &out[i]
		mean := o.Mean
		if !(o.Count > 0) || !(o.Total > 0) {
			mean = math.NaN()
		}
		if k := slices.Index(growthLayers, o.Band); k >= 0 {
			u := used[o.SceneID]
			u[k], l.layers[k] = o.Count, mean
			used[o.SceneID] = u
			continue
		}
		if o.Band == LayerOutOfDomain {
			l.out, judged[o.SceneID] = mean, o.Count
			continue
		}
		b := slices.Index(raster.OpticalBands, o.Band)
		if b < 0 {
			continue
		}
		l.bands[b] = mean
		// A scene is judged by its 10 m bands; by 20 m bands where it has no other.
		ten := o.Band == raster.B02 || o.Band == raster.B03 || o.Band == raster.B04 || o.Band == raster.B08
		if !(o.Total > 0) || (tenMetre[o.SceneID] && !ten) {
			continue
		}
		share, inside := o.Count/o.Total, o.Inside
		if !ten {
			inside *= 4
		}
		if ten != tenMetre[o.SceneID] || l.share == 0 || share < l.share { // the worst band counts: one unreadable block hides the plot
			l.share, l.inside = share, inside
			l.doubt = o.Doubtful
		}
		tenMetre[o.SceneID] = tenMetre[o.SceneID] || ten
	}
	for i := range out {
		for k, n := range used[out[i].scene] {
			if n < minGrowth*judged[out[i].scene] {
				out[i].layers[k] = math.NaN()
			}
		}
	}
	return out
}

func clearDates(ls []look) int {
	days := map[Date]bool{}
	for _, l := range ls {
		days[DateOf(l.time.UTC())] = true
	}
	return len(days)
}

// median is the weighted median of the looks that have a value, the mean of two.
func median(ls []look, value func(*look) float64) float64 {
	type vw struct{ v, w float64 }
	var vs []vw
	var total float64
	for i := range ls {
		if v := value(&ls[i]); !math.IsNaN(v) && ls[i].weight > 0 {
			vs = append(vs, vw{v, ls[i].weight})
			total += ls[i].weight
		}
	}
	switch len(vs) {
	case 0:
		return math.NaN()
	case 1:
		return vs[0].v
	case 2:
		return (vs[0].v*vs[0].w + vs[1].v*vs[1].w) / total
	}
	sort.Slice(vs, func(i, j int) bool { return vs[i].v < vs[j].v })
	var below float64
	for i, x := range vs {
		if below+x.w >= total/2 {
			if below+x.w == total/2 && i+1 < len(vs) {
				return (x.v + vs[i+1].v) / 2
			}
			return x.v
		}
		below += x.w
	}
	return vs[len(vs)-1].v
}
