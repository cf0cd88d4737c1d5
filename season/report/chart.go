package report

import (
	"fmt"
	"html/template"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// drawing is an SVG with a plot area. Charts are drawn from numbers only;
// labels with words stand beside them in HTML, where the language changes.
type drawing struct {
	b                        strings.Builder
	w, h                     float64
	left, top, right, bottom float64 // margins
	x0, x1, y0, y1           float64 // data range
}

func newDrawing(w, h float64) *drawing {
	d := &drawing{w: w, h: h, left: 34, top: 8, right: 10, bottom: 20}
	fmt.Fprintf(&d.b, `<svg viewBox="0 0 %g %g" class="chart" role="img">`, w, h)
	return d
}

func (d *drawing) x(v float64) float64 {
	return d.left + (v-d.x0)/(d.x1-d.x0)*(d.w-d.left-d.right)
}

func (d *drawing) y(v float64) float64 {
	return d.h - d.bottom - (v-d.y0)/(d.y1-d.y0)*(d.h-d.top-d.bottom)
}

func (d *drawing) line(class string, x0, y0, x1, y1 float64) {
	fmt.Fprintf(&d.b, `<path class="%s" d="M%.1f %.1fL%.1f %.1f"/>`, class, x0, y0, x1, y1)
}

func (d *drawing) text(anchor string, x, y float64, s string) {
	fmt.Fprintf(&d.b, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor, template.HTMLEscapeString(s))
}

func (d *drawing) rect(class, style string, x, y, w, h float64) {
	fmt.Fprintf(&d.b, `<rect class="%s" style="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, style, x, y, max(w, 0), max(h, 0))
}

func (d *drawing) done() template.HTML { return template.HTML(d.b.String() + "</svg>") }

// grid draws horizontal lines at the values, labelled on the left.
func (d *drawing) grid(places int, at ...float64) {
	for _, v := range at {
		d.line("grid", d.left, d.y(v), d.w-d.right, d.y(v))
		d.text("end", d.left-5, d.y(v)+3.5, number(v, places))
	}
}

// months draws the month numbers under an axis of days since 1970.
func (d *drawing) months() {
	first := dayOf(d.x0)
	m := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; !m.After(dayOf(d.x1)); m = m.AddDate(0, 1, 0) {
		a, z := daysOf(m), daysOf(m.AddDate(0, 1, 0))
		if a >= d.x0 {
			d.line("tick", d.x(a), d.h-d.bottom, d.x(a), d.h-d.bottom+3)
		}
		if mid := (a + z) / 2; mid > d.x0 && mid < d.x1 {
			d.text("middle", d.x(mid), d.h-6, fmt.Sprint(int(m.Month())))
		}
	}
	d.line("axis", d.left, d.h-d.bottom, d.w-d.right, d.h-d.bottom)
}

// curve joins points; NaN breaks the line.
func (d *drawing) curve(class, style string, xs, ys []float64) {
	fmt.Fprintf(&d.b, `<path class="%s" style="%s" d="%s"/>`, class, style, d.path(xs, ys))
}

func (d *drawing) path(xs, ys []float64) string {
	var s strings.Builder
	pen := "M"
	for i, v := range ys {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&s, "%s%.1f %.1f", pen, d.x(xs[i]), d.y(v))
		pen = "L"
	}
	return s.String()
}

// band fills between two curves where both are known.
func (d *drawing) band(style string, xs, lo, hi []float64) {
	var up, down []string
	for i := range xs {
		if math.IsNaN(lo[i]) || math.IsNaN(hi[i]) {
			continue
		}
		up = append(up, fmt.Sprintf("%.1f %.1f", d.x(xs[i]), d.y(hi[i])))
		down = append(down, fmt.Sprintf("%.1f %.1f", d.x(xs[i]), d.y(lo[i])))
	}
	if len(up) < 2 {
		return
	}
	for i, j := 0, len(down)-1; i < j; i, j = i+1, j-1 {
		down[i], down[j] = down[j], down[i]
	}
	fmt.Fprintf(&d.b, `<path class="band" style="%s" d="M%sL%sZ"/>`, style, strings.Join(up, "L"), strings.Join(down, "L"))
}

func daysOf(t time.Time) float64 { return float64(t.Unix()) / 86400 }
func dayOf(v float64) time.Time  { return time.Unix(int64(v)*86400, 0).UTC() }

// dayNumber is a day as a number, NaN where it is not known.
func dayNumber(s string) float64 {
	d, err := parcels.ParseDate(s)
	if err != nil {
		return math.NaN()
	}
	return daysOf(d.Time())
}

// quantile of sorted values, linear between them.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func median(v []float64) float64 {
	s := append([]float64(nil), v...)
	sort.Float64s(s)
	return quantile(s, .5)
}

// ticks are round values from 0 to at least top, about n of them.
func ticks(top float64, n int) []float64 {
	if top <= 0 || math.IsNaN(top) {
		top = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(top/float64(n))))
	for _, k := range []float64{1, 2, 2.5, 5, 10} {
		if step*k*float64(n) >= top {
			step *= k
			break
		}
	}
	out := []float64{0}
	for v := step; out[len(out)-1] < top-1e-9; v += step {
		out = append(out, v)
	}
	return out
}

func tenth(v float64) string { return fmt.Sprintf("%.1f", v) }
