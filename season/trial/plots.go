package trial

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/parus-lending/parus/models"
)

// svg is a picture that is written line by line. Sizes are pixels.
type svg struct {
	strings.Builder
	w, h float64
}

const (
	blue, orange, green, grey, ink = "#2b6cb0", "#c05621", "#2f855a", "#cbd5e0", "#1a202c"
	fontSize                       = 12
)

func newSVG(w, h float64, title string) *svg {
	s := &svg{w: w, h: h}
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" font-family="Helvetica, Arial, sans-serif" font-size="%d" role="img">`+"\n", w, h, w, h, fontSize)
	fmt.Fprintf(s, "<title>%s</title>\n<rect width=\"%g\" height=\"%g\" fill=\"#ffffff\"/>\n", html.EscapeString(title), w, h)
	s.text(w/2, 20, "middle", title, `font-weight="bold"`)
	return s
}

func (s *svg) end() []byte { return []byte(s.String() + "</svg>\n") }

func (s *svg) text(x, y float64, anchor, text string, more ...string) {
	fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="%s" fill="%s" %s>%s</text>`+"\n", px(x), px(y), anchor, ink, strings.Join(more, " "), html.EscapeString(text))
}

func (s *svg) line(x1, y1, x2, y2 float64, colour string, more ...string) {
	fmt.Fprintf(s, `<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s" %s/>`+"\n", px(x1), px(y1), px(x2), px(y2), colour, strings.Join(more, " "))
}

func (s *svg) box(x, y, w, h float64, colour string, more ...string) {
	fmt.Fprintf(s, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" %s/>`+"\n", px(x), px(y), px(w), px(h), colour, strings.Join(more, " "))
}

func px(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

// chart is a frame with axes from 0 to 1 upward and lo to hi to the right.
type chart struct {
	*svg
	lo, hi           float64
	left, top, sizeX float64
	sizeY            float64
}

func newChart(title, across, upward string, lo, hi float64, ticks []float64, format string) *chart {
	c := &chart{svg: newSVG(480, 358, title), lo: lo, hi: hi, left: 60, top: 40, sizeX: 390, sizeY: 240}
	for k := range 11 {
		v := float64(k) / 10
		colour := "#edf2f7"
		if k == 0 {
			colour = ink
		}
		c.line(c.left, c.y(v), c.left+c.sizeX, c.y(v), colour)
		if k%2 == 0 {
			c.text(c.left-8, c.y(v)+4, "end", fmt.Sprintf("%.1f", v))
		}
	}
	for _, t := range ticks {
		c.line(c.x(t), c.y(0), c.x(t), c.y(0)+4, ink)
		c.text(c.x(t), c.y(0)+18, "middle", fmt.Sprintf(format, t))
	}
	c.text(c.left+c.sizeX/2, c.top+c.sizeY+40, "middle", across)
	c.text(18, c.top+c.sizeY/2, "middle", upward, fmt.Sprintf(`transform="rotate(-90 18 %g)"`, c.top+c.sizeY/2))
	return c
}

func (c *chart) x(v float64) float64 { return c.left + (v-c.lo)/(c.hi-c.lo)*c.sizeX }
func (c *chart) y(v float64) float64 { return c.top + (1-v)*c.sizeY }

// curve draws points, left to right or right to left; a NaN parts the line.
func (c *chart) curve(points [][2]float64, colour string, more ...string) {
	var path strings.Builder
	pen := "M"
	for _, p := range points {
		if math.IsNaN(p[1]) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%s %s ", pen, px(c.x(p[0])), px(c.y(p[1])))
		pen = "L"
	}
	fmt.Fprintf(c, `<path d="%s" fill="none" stroke="%s" stroke-width="2" %s/>`+"\n", strings.TrimSpace(path.String()), colour, strings.Join(more, " "))
	for _, p := range points {
		if !math.IsNaN(p[1]) {
			fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="2.5" fill="%s"/>`+"\n", px(c.x(p[0])), px(c.y(p[1])), colour)
		}
	}
}

// legend names the curves at the foot.
func (c *chart) legend(names, colours []string) {
	x := c.left
	for i, n := range names {
		c.line(x, c.h-12, x+20, c.h-12, colours[i], `stroke-width="3"`)
		c.text(x+26, c.h-8, "start", n)
		x += 40 + 7*float64(len(n))
	}
}

// reliabilityPlot shows accuracy over confidence, with the rows of each bin.
func reliabilityPlot(title string, s models.Scores) []byte {
	c := newChart(fmt.Sprintf("%s: ECE %.3f", title, s.ECE), "highest probability", "share named rightly", 0, 1, []float64{0, .2, .4, .6, .8, 1}, "%.1f")
	most := 1
	for _, b := range s.Reliability {
		most = max(most, b.Rows)
	}
	width := c.sizeX / float64(len(s.Reliability))
	var points [][2]float64
	for _, b := range s.Reliability {
		if b.Rows == 0 {
			continue
		}
		h := float64(b.Rows) / float64(most) * c.sizeY * 0.35
		c.box(c.x(b.Low)+1, c.y(0)-h, width-2, h, grey)
		points = append(points, [2]float64{b.Confidence, b.Accuracy})
	}
	c.line(c.x(0), c.y(0), c.x(1), c.y(1), ink, `stroke-dasharray="4 4"`)
	c.curve(points, blue)
	c.legend([]string{"measured", "if probabilities were true", "rows"}, []string{blue, ink, grey})
	return c.end()
}

// seasonPlot shows accuracy as the year goes on.
func seasonPlot(title string, groups []Group) []byte {
	var oa, f1, kept [][2]float64
	for _, g := range groups {
		var d float64
		fmt.Sscan(g.Name, &d)
		oa, f1, kept = append(oa, [2]float64{d, g.Scores.OA}), append(f1, [2]float64{d, g.Scores.MacroF1}), append(kept, [2]float64{d, g.Kept.Coverage})
	}
	c := newChart(title, "last dekad seen (12 = end of April, 24 = end of August)", "share", 6, 36, []float64{9, 12, 15, 18, 21, 24, 27, 30, 33, 36}, "%.0f")
	c.curve(kept, green, `stroke-dasharray="5 3"`)
	c.curve(f1, orange)
	c.curve(oa, blue)
	c.legend([]string{"overall accuracy", "macro-F1", "assessable"}, []string{blue, orange, green})
	return c.end()
}

// coveragePlot shows how accuracy grows as the least sure rows are declined.
func coveragePlot(title string, f Figures) []byte {
	line := func(k []models.Kept) (out [][2]float64) {
		for _, p := range k {
			out = append(out, [2]float64{p.Coverage, p.Accuracy})
		}
		return out
	}
	c := newChart(title, "share of rows answered", "share of them named rightly", 0, 1, []float64{0, .2, .4, .6, .8, 1}, "%.1f")
	names, colours := []string{"by probability"}, []string{blue}
	if f.Familiar != nil {
		c.curve(line(f.Familiar.CoverageWith), orange)
		names, colours = append(names, "unfamiliar rows last"), append(colours, orange)
	}
	c.curve(line(f.Coverage), blue)
	if !math.IsNaN(f.Kept.Accuracy) {
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="6" fill="none" stroke="%s" stroke-width="2"/>`+"\n", px(c.x(f.Kept.Coverage)), px(c.y(f.Kept.Accuracy)), green)
		names, colours = append(names, "assessable, by the card's rules"), append(colours, green)
	}
	c.legend(names, colours)
	return c.end()
}

// confusionPlot shows the share of each true class (row) that was named so.
func confusionPlot(title string, s models.Scores) []byte {
	var at []int
	longest := 0
	for k, c := range s.Classes {
		if c.Support > 0 || c.Said > 0 {
			at = append(at, k)
			longest = max(longest, len(c.Class))
		}
	}
	const cell = 26.0
	left, top := 30+7*float64(longest)+40, 50+6.5*float64(longest)
	n := float64(len(at))
	p := newSVG(math.Max(left+n*cell+20, 420), top+n*cell+30, title)
	p.text(left+n*cell/2, 40, "middle", "named")
	for i, t := range at {
		y := top + float64(i)*cell
		p.text(left-8, y+cell/2+4, "end", fmt.Sprintf("%s (%d)", s.Classes[t].Class, s.Classes[t].Support))
		x := left + (float64(i)+0.5)*cell + 4
		p.text(x, top-8, "start", s.Classes[t].Class, fmt.Sprintf(`transform="rotate(-60 %s %s)"`, px(x), px(top-8)))
		for j, said := range at {
			share := 0.0
			if s.Classes[t].Support > 0 {
				share = float64(s.Confusion[t][said]) / float64(s.Classes[t].Support)
			}
			p.box(left+float64(j)*cell, y, cell, cell, shade(share), `stroke="#ffffff"`)
			if share >= 0.01 {
				colour := ink
				if share > 0.55 {
					colour = "#ffffff"
				}
				fmt.Fprintf(p, `<text x="%s" y="%s" text-anchor="middle" font-size="9" fill="%s">%.0f</text>`+"\n", px(left+(float64(j)+0.5)*cell), px(y+cell/2+3), colour, 100*share)
			}
		}
	}
	p.text(left+n*cell/2, top+n*cell+20, "middle", "per cent of the true class (its rows)")
	return p.end()
}

// shade goes from near white to blue.
func shade(share float64) string {
	mix := func(a, b float64) int { return int(math.Round(a + (b-a)*math.Sqrt(share))) }
	return fmt.Sprintf("#%02x%02x%02x", mix(247, 43), mix(250, 108), mix(252, 176))
}
