package parcels

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/parus-lending/parus/raster"
)

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
	spread [3]float64      // variance of the layers' means by the spread between pixels; NaN = none
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

func (l *look) evi2() float64 {
	if math.IsNaN(l.ndvi()) {
		return math.NaN()
	}
	return evi2(l.band(raster.B04), l.band(raster.B08))
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
			l.spread = l.layers
			out = append(out, l)
		}
		l := &out[i]
		mean := o.Mean
		if !(o.Count > 0) || !(o.Total > 0) {
			mean = math.NaN()
		}
		if k := slices.Index(growthLayers, o.Band); k >= 0 {
			u := used[o.SceneID]
			u[k], l.layers[k], l.spread[k] = o.Count, mean, o.Std*o.Std/max(o.Count, 1)
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

// Look is one scene that counts for a plot.
type Look struct {
	Scene  string
	Time   time.Time
	Weight float64 // share of the plot seen clear, less where witnesses doubt
	// Values on the day; NaN where bands or growth were not observed.
	NDVI, LAI, FAPAR, FCOVER float64
}

// ClearLooks are the scenes that BuildSeries counts, in the order of time.
func ClearLooks(obs []raster.Observation, opt SeriesOptions) []Look {
	opt = opt.withDefaults()
	var out []Look
	all := looks(obs)
	for k, v := range opt.votes(all) {
		if l := &all[k]; v.Counts {
			out = append(out, Look{Scene: l.scene, Time: l.time, Weight: v.Usable, NDVI: l.ndvi(), LAI: l.layers[0], FAPAR: l.layers[1], FCOVER: l.layers[2]})
		}
	}
	return out
}
