package parcels

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/parus-lending/parus/raster"
)

// Radar is what Sentinel-1 saw of one plot on the dekad axis of its series, in
// one orbit: ascending and descending passes, and neighbouring tracks, see a
// field from other sides and make no series together.
type Radar struct {
	Orbit  string    // direction and track of all dates; empty = never seen
	VV, VH []float64 // dB, the mean in linear power over the dates of the dekad; NaN = not observed
	Dates  []int     // days of acquisition in the dekad
	Inside float64   // most pixels of the radar's own grid wholly within, in any date
}

// Days is the number of days of acquisition.
func (r Radar) Days() int {
	n := 0
	for _, d := range r.Dates {
		n += d
	}
	return n
}

// Dekads is the number of dekads observed.
func (r Radar) Dekads() int {
	n := 0
	for _, d := range r.Dates {
		if d > 0 {
			n++
		}
	}
	return n
}

// RadarOptions say which acquisitions count.
type RadarOptions struct {
	MinSeen   float64 // share of the plot's pixels that hold a value; default 0.5
	MinInside float64 // pixels of its own grid wholly within, because of speckle; default 3
}

func (o RadarOptions) withDefaults() RadarOptions {
	if o.MinSeen == 0 {
		o.MinSeen = 0.5
	}
	if o.MinInside == 0 {
		o.MinInside = 3
	}
	return o
}

// BuildRadar puts the VV and VH observations of one plot, of all scenes in any
// order, on the axis; other bands are passed over. A scene counts where both
// polarisations were seen on enough of the plot. Of all orbits the one with most
// days is taken, the first by name where equal. Gaps stay: nothing is filled.
func BuildRadar(obs []raster.Observation, axis []Dekad, opt RadarOptions) Radar {
	opt = opt.withDefaults()
	r := Radar{VV: nans(len(axis)), VH: nans(len(axis)), Dates: make([]int, len(axis))}
	if len(axis) == 0 {
		return r
	}
	var counted []echo
	days := map[string]map[Date]bool{} // orbit → its days
	for _, e := range echoes(obs) {
		if i := e.place(axis); i < 0 || i >= len(axis) {
			continue
		}
		r.Inside = math.Max(r.Inside, e.inside)
		if e.share < opt.MinSeen || e.inside < opt.MinInside {
			continue
		}
		counted = append(counted, e)
		if days[e.orbit] == nil {
			days[e.orbit] = map[Date]bool{}
		}
		days[e.orbit][DateOf(e.time)] = true
	}
	for orbit, d := range days {
		best := len(days[r.Orbit])
		if len(d) > best || len(d) == best && orbit < r.Orbit {
			r.Orbit = orbit
		}
	}
	type sum struct {
		power [2]float64
		n     float64
	}
	sums := make([]sum, len(axis))
	var last Date
	for _, e := range counted {
		if e.orbit != r.Orbit {
			continue
		}
		i := e.place(axis)
		for k, v := range e.power {
			sums[i].power[k] += v
		}
		sums[i].n++
		if d := DateOf(e.time); d != last {
			r.Dates[i]++
			last = d
		}
	}
	for i, s := range sums {
		if s.n > 0 {
			r.VV[i], r.VH[i] = 10*math.Log10(s.power[0]/s.n), 10*math.Log10(s.power[1]/s.n)
		}
	}
	return r
}

// echo is one radar scene over the plot.
type echo struct {
	scene, orbit string
	time         time.Time  // UTC
	power        [2]float64 // VV, VH; linear
	share        float64    // of the plot's pixels seen, the lesser of both
	inside       float64    // pixels wholly within, the fewer of both
	seen         [2]bool
}

func (e *echo) place(axis []Dekad) int {
	return DekadOf(DateOf(e.time)).ordinal() - axis[0].ordinal()
}

// echoes gathers observations by scene in the order of time, those with both
// polarisations.
func echoes(obs []raster.Observation) []echo {
	at := map[string]int{}
	var all []echo
	for _, o := range obs {
		k := slices.Index(raster.RadarBands, o.Band)
		if k < 0 || !(o.Count > 0) || !(o.Total > 0) || math.IsNaN(o.Mean) {
			continue
		}
		i, ok := at[o.SceneID]
		if !ok {
			i = len(all)
			at[o.SceneID] = i
			all = append(all, echo{scene: o.SceneID, orbit: o.Orbit, time: o.Time.UTC(), share: math.Inf(1), inside: math.Inf(1)})
		}
		e := &all[i]
		e.power[k], e.seen[k] = math.Pow(10, o.Mean/10), true
		e.share, e.inside = math.Min(e.share, o.Count/o.Total), math.Min(e.inside, o.Inside)
	}
	out := slices.DeleteFunc(all, func(e echo) bool { return !e.seen[0] || !e.seen[1] })
	sort.Slice(out, func(i, j int) bool {
		if !out[i].time.Equal(out[j].time) {
			return out[i].time.Before(out[j].time)
		}
		return out[i].scene < out[j].scene
	})
	return out
}
