package report

import (
	"html/template"
	"math"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
)

// point is one dekad of one plot.
type point struct {
	date                string
	observed            bool
	ndvi, lai           float64
	ndviSigma, laiSigma float64 // NaN = not known
}

// spread is all values of a rotation's plots by dekad.
type spread struct {
	plots     int
	mu        float64
	ndvi, lai map[string][]float32
}

// middle is the day a dekad is drawn at.
func middle(date string) float64 { return dayNumber(date) + 4.5 }

// rotation is what imagery saw on a plot over the season: its crops in order,
// joined by +; empty where none could be said.
func (r *run) rotation(plotID string) string {
	var seen []string
	for _, c := range r.cycles[plotID] {
		if c.Crop != "" && c.Assessable {
			seen = append(seen, c.Crop)
		}
	}
	return strings.Join(seen, "+")
}

// readSeries gathers the spread by rotation, and the curves of the growers'
// plots.
func (r *run) readSeries(dir string, growers []string) error {
	keep := map[string]bool{}
	for _, g := range growers {
		for _, p := range r.plotsOf[g] {
			keep[p.ID] = true
		}
	}
	r.curves, r.spread = map[string][]point{}, map[string]*spread{}
	days := map[string]bool{}
	type row struct {
		ParcelID string   `parquet:"parcel_id,dict"`
		Date     string   `parquet:"date,dict"`
		Weight   float64  `parquet:"weight"`
		NDVI     *float64 `parquet:"ndvi,optional"`
		LAI      *float64 `parquet:"lai,optional"`
		NSigma   *float64 `parquet:"ndvi_sigma,optional"`
		LSigma   *float64 `parquet:"lai_sigma,optional"`
	}
	last, group := "", (*spread)(nil)
	err := rundir.Each(filepath.Join(dir, rundir.SeriesFile), func(rows []row) error {
		for _, w := range rows {
			days[w.Date] = true
			if w.ParcelID != last {
				last, group = w.ParcelID, r.group(w.ParcelID)
			}
			if group != nil {
				add(group.ndvi, w.Date, w.NDVI)
				add(group.lai, w.Date, w.LAI)
			}
			if keep[w.ParcelID] {
				r.curves[w.ParcelID] = append(r.curves[w.ParcelID], point{w.Date, w.Weight > 0, or(w.NDVI), or(w.LAI), or(w.NSigma), or(w.LSigma)})
			}
		}
		return nil
	})
	for d := range days {
		r.axis = append(r.axis, d)
	}
	sort.Strings(r.axis)
	return err
}

// group counts a plot into the spread of its rotation.
func (r *run) group(plotID string) *spread {
	name := r.rotation(plotID)
	if name == "" {
		return nil
	}
	g := r.spread[name]
	if g == nil {
		g = &spread{ndvi: map[string][]float32{}, lai: map[string][]float32{}}
		r.spread[name] = g
	}
	g.plots++
	if p := r.plots[plotID]; p != nil {
		g.mu += p.mu()
	}
	return g
}

func add(m map[string][]float32, date string, v *float64) {
	if v != nil {
		m[date] = append(m[date], float32(*v))
	}
}

func or(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// curveCard is the season of one rotation.
type curveCard struct {
	Name      word
	Plots     int
	Mu        float64
	NDVI, LAI template.HTML
}

// shownCurves is how many rotations are drawn, the largest first.
const shownCurves = 9

func (r *run) seasonCurves() (cards []curveCard, left int) {
	names := make([]string, 0, len(r.spread))
	for n := range r.spread {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		if a, b := r.spread[names[i]].mu, r.spread[names[j]].mu; a != b {
			return a > b
		}
		return names[i] < names[j]
	})
	for _, n := range names {
		if len(cards) == shownCurves {
			left += r.spread[n].plots
			continue
		}
		g, w := r.spread[n], rotationWord(n)
		cards = append(cards, curveCard{Name: w, Plots: g.plots, Mu: g.mu,
			NDVI: r.spreadChart(g.ndvi, hex(w.Colour), 1, 1, 0, .5, 1), LAI: r.spreadChart(g.lai, hex(w.Colour), 6, 0, 0, 2, 4, 6)})
	}
	return cards, left
}

// spreadChart is a median with its quartiles.
func (r *run) spreadChart(values map[string][]float32, colour string, top float64, places int, grid ...float64) template.HTML {
	if len(values) == 0 || len(r.axis) == 0 {
		return ""
	}
	xs, lo, mid, hi := r.days(), []float64{}, []float64{}, []float64{}
	for _, day := range r.axis {
		v := make([]float64, len(values[day]))
		for i, f := range values[day] {
			v[i] = float64(f)
		}
		slices.Sort(v)
		lo, mid, hi = append(lo, quantile(v, .25)), append(mid, quantile(v, .5)), append(hi, quantile(v, .75))
	}
	d := newDrawing(330, 120)
	d.x0, d.x1 = xs[0]-4.5, xs[len(xs)-1]+5.5
	d.y0, d.y1 = 0, top
	d.grid(places, grid...)
	d.months()
	d.band("fill:"+colour, xs, clip(lo, 0, top), clip(hi, 0, top))
	d.curve("median", "stroke:"+colour, xs, clip(mid, 0, top))
	return d.done()
}

func (r *run) days() []float64 {
	xs := make([]float64, len(r.axis))
	for i, d := range r.axis {
		xs[i] = middle(d)
	}
	return xs
}

func clip(v []float64, lo, hi float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x
		if !math.IsNaN(x) {
			out[i] = max(lo, min(hi, x))
		}
	}
	return out
}

// laiTop is the LAI at the top of a plot's chart, where NDVI is 1.
const laiTop = 8.0

// plotChart is one plot's season: NDVI with the observed points, LAI, its
// cycles and the as-of day.
func (r *run) plotChart(id string) template.HTML {
	ps := r.curves[id]
	if len(ps) == 0 || len(r.axis) == 0 {
		return ""
	}
	d := newDrawing(560, 150)
	d.right = 26
	d.x0, d.x1 = dayNumber(r.axis[0]), middle(r.axis[len(r.axis)-1])+5.5
	d.y0, d.y1 = 0, 1
	for _, c := range r.cycles[id] {
		d.cycle(c)
	}
	d.grid(1, 0, .5, 1)
	for _, v := range []float64{0, 4, 8} {
		d.text("start", d.w-d.right+5, d.y(v/laiTop)+3.5, number(v, 0))
	}
	d.months()
	xs, ndvi, lai := make([]float64, len(ps)), make([]float64, len(ps)), make([]float64, len(ps))
	var bands [4][]float64 // of one standard deviation: LAI below and above, NDVI below and above
	for i, p := range ps {
		xs[i], ndvi[i], lai[i] = middle(p.date), p.ndvi, p.lai/laiTop
		for k, v := range [4]float64{lai[i] - p.laiSigma/laiTop, lai[i] + p.laiSigma/laiTop, p.ndvi - p.ndviSigma, p.ndvi + p.ndviSigma} {
			bands[k] = append(bands[k], v)
		}
	}
	d.band("fill:#c08a2d;opacity:.13", xs, clip(bands[0], 0, 1), clip(bands[1], 0, 1))
	d.band("fill:#2c6e55", xs, clip(bands[2], 0, 1), clip(bands[3], 0, 1))
	ndvi, lai = clip(ndvi, 0, 1), clip(lai, 0, 1)
	d.curve("lai", "", xs, lai)
	d.curve("ndvi", "", xs, ndvi)
	for i, p := range ps {
		if p.observed && !math.IsNaN(ndvi[i]) {
			d.dot(xs[i], ndvi[i])
		}
	}
	if a := dayNumber(r.info.AsOf); a >= d.x0 && a <= d.x1 {
		d.line("asof", d.x(a), d.top, d.x(a), d.h-d.bottom)
	}
	return d.done()
}

func (d *drawing) dot(x, y float64) {
	d.b.WriteString(`<circle class="dot" r="2.2" cx="` + tenth(d.x(x)) + `" cy="` + tenth(d.y(y)) + `"/>`)
}

// cycle shades emergence to harvest in the crop's colour, marks the peak, and
// hatches when the harvest is expected.
func (d *drawing) cycle(c rundir.Cycle) {
	inside := func(v float64) float64 { return max(d.x0, min(d.x1, v)) }
	from, to := dayNumber(c.Emergence), dayNumber(c.HarvestP50)
	if math.IsNaN(from) {
		return
	}
	if math.IsNaN(to) {
		to = d.x1
	}
	colour := "fill:" + hex(cropWord(c.Crop).Colour)
	from, to = inside(from), inside(to)
	d.rect("cycle", colour, d.x(from), d.top, d.x(to)-d.x(from), d.h-d.top-d.bottom)
	if a, z := dayNumber(c.HarvestP25), dayNumber(c.HarvestP75); !math.IsNaN(a) && !math.IsNaN(z) {
		a, z = inside(a), inside(z)
		d.rect("harvest", colour, d.x(a), d.top, max(d.x(z)-d.x(a), 1.5), 5)
	}
	if p := dayNumber(c.Peak); p >= d.x0 && p <= d.x1 {
		d.line("peak", d.x(p), d.top, d.x(p), d.h-d.bottom)
	}
}
