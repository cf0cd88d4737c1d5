package report

import (
	"html/template"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/scoring"
)

// yieldRow is one crop's yields.
type yieldRow struct {
	Crop               word
	Plots              int
	P10, P25, P50, P90 float64 // of the typical plot: medians of the plots' quantiles
	Chart              template.HTML
}

const yieldChartWidth, yieldChartLeft = 220.0, 6.0

func (r *run) yields() ([]yieldRow, template.HTML) {
	type values struct{ p10, p25, p50, p90 []float64 }
	by := map[string]*values{}
	for _, id := range sortedKeys(r.cycles) {
		for _, c := range r.cycles[id] {
			if c.YieldP10 == nil || c.YieldP25 == nil || c.YieldP50 == nil || c.YieldP90 == nil {
				continue
			}
			crop := c.YieldCrop
			if crop == "" {
				crop = c.Crop
			}
			v := by[crop]
			if v == nil {
				v = &values{}
				by[crop] = v
			}
			v.p10, v.p25 = append(v.p10, *c.YieldP10), append(v.p25, *c.YieldP25)
			v.p50, v.p90 = append(v.p50, *c.YieldP50), append(v.p90, *c.YieldP90)
		}
	}
	var out []yieldRow
	top := 0.0
	for _, crop := range sortedKeys(by) {
		v := by[crop]
		out = append(out, yieldRow{Crop: cropWord(crop), Plots: len(v.p50), P10: median(v.p10), P25: median(v.p25), P50: median(v.p50), P90: median(v.p90)})
		top = max(top, out[len(out)-1].P90)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Plots > out[j].Plots })
	at := ticks(top, 3)
	for i := range out {
		p50 := by[out[i].Crop.Code].p50
		slices.Sort(p50)
		out[i].Chart = yieldChart(out[i], at, quantile(p50, .25), quantile(p50, .75))
	}
	axis := newDrawing(yieldChartWidth, 16)
	axis.left, axis.right, axis.x1 = yieldChartLeft, 14, at[len(at)-1]
	for _, v := range at {
		axis.text("middle", axis.x(v), 12, number(v, 0))
	}
	return out, axis.done()
}

func yieldChart(y yieldRow, at []float64, q1, q3 float64) template.HTML {
	d := newDrawing(yieldChartWidth, 22)
	d.left, d.right, d.x1 = yieldChartLeft, 14, at[len(at)-1]
	for _, v := range at {
		d.line("grid", d.x(v), 0, d.x(v), 22)
	}
	fill := "fill:" + hex(y.Crop.Colour)
	d.rect("wide", fill, d.x(y.P10), 8.5, d.x(y.P90)-d.x(y.P10), 5)
	d.rect("box", fill, d.x(q1), 4, max(d.x(q3)-d.x(q1), 1.5), 14)
	d.line("mid", d.x(y.P50), 2, d.x(y.P50), 20)
	return d.done()
}

// areaRow is a crop's area, seen and declared.
type areaRow struct {
	Crop                     word
	Seen, Declared           float64
	SeenShare, DeclaredShare float64
}

func (a areaRow) SeenBar() template.CSS {
	return width(a.SeenShare) + ";background:" + a.Crop.Hex()
}
func (a areaRow) DeclaredBar() template.CSS { return width(a.DeclaredShare) }

// areas sums mu by crop. A double-cropped plot counts for each of its crops.
func (r *run) areas() []areaRow {
	seen, declared := map[string]float64{}, map[string]float64{}
	all := map[string]bool{}
	for _, id := range sortedKeys(r.plots) {
		mu := r.plots[id].mu()
		says, grows := map[string]bool{}, map[string]bool{}
		for _, c := range r.cycles[id] {
			for _, crop := range strings.Split(c.CropDeclared, "+") {
				says[crop] = crop != ""
			}
			if c.Assessable && c.Crop != "" {
				grows[c.Crop] = true
			}
		}
		for crop, ok := range says {
			if ok {
				declared[crop] += mu
				all[crop] = true
			}
		}
		for crop := range grows {
			seen[crop] += mu
			all[crop] = true
		}
	}
	var out []areaRow
	top := 0.0
	for _, crop := range sortedKeys(all) {
		out = append(out, areaRow{Crop: cropWord(crop), Seen: seen[crop], Declared: declared[crop]})
		top = max(top, seen[crop], declared[crop])
	}
	for i := range out {
		out[i].SeenShare, out[i].DeclaredShare = out[i].Seen/top, out[i].Declared/top
	}
	sort.SliceStable(out, func(i, j int) bool { return max(out[i].Seen, out[i].Declared) > max(out[j].Seen, out[j].Declared) })
	return out
}

// limits is a histogram of the limits of those admitted and referred.
func (r *run) limits() (template.HTML, int64) {
	var top int64
	for _, d := range r.order {
		top = max(top, d.LimitFen)
	}
	if top == 0 {
		return "", 0
	}
	step := int64(nice(float64(top)/100/16)) * 100
	bins := int((top + step - 1) / step)
	admit, refer := make([]float64, bins), make([]float64, bins)
	for _, d := range r.order {
		if d.LimitFen == 0 {
			continue
		}
		b := min(int((d.LimitFen-1)/step), bins-1)
		switch d.Outcome {
		case scoring.Admit:
			admit[b]++
		case scoring.Refer:
			refer[b]++
		}
	}
	d := newDrawing(660, 190)
	d.x1 = float64(bins)
	most := 0.0
	for i := range admit {
		most = max(most, admit[i]+refer[i])
	}
	at := ticks(max(most, 4), 4) // whole growers
	d.y1 = at[len(at)-1]
	d.grid(0, at...)
	for i := range admit {
		w := d.x(1) - d.x(0)
		base := d.h - d.bottom
		a, b := d.y(admit[i]), d.y(admit[i]+refer[i])
		d.rect("", "fill:"+hex(outcomes[0].Colour), d.x(float64(i))+1, a, w-2, base-a)
		d.rect("", "fill:"+hex(outcomes[1].Colour), d.x(float64(i))+1, b, w-2, a-b)
	}
	every := max(1, int(math.Ceil(float64(bins)/10)))
	for i := 0; i <= bins; i += every {
		d.text("middle", d.x(float64(i)), d.h-6, number(float64(int64(i)*step)/100_000, places(step)))
	}
	d.line("axis", d.left, d.h-d.bottom, d.w-d.right, d.h-d.bottom)
	return d.done(), step
}

// places is how many decimals thousands of yuan need at a step in fen.
func places(step int64) int {
	switch {
	case step >= 100_000:
		return 0
	case step >= 10_000:
		return 1
	}
	return 2
}
