package report

import (
	"fmt"
	"html/template"
	"image/color"
	"math"
	"slices"
	"sort"

	"github.com/parus-lending/parus/scoring"
)

// mapCard is one picture of the county with its legend.
type mapCard struct {
	Title, Note template.HTML
	URL         template.URL
	W, H        int
	Legend      []legendItem
	Scale       scale
}

type legendItem struct {
	word
	Mu    float64
	Plots int
}

// Box, Bar and Side size the ruler in the units of its drawing, 1000 wide.
func (m mapCard) Bar() float64  { return math.Round(m.Scale.Bar * 1000) }
func (m mapCard) Side() float64 { return math.Round(m.Scale.Side * 1000) }
func (m mapCard) BarEnd() float64 {
	return m.Bar() + 40
}

// Length is the ruler's length with its unit.
func (m mapCard) Length() string {
	if m.Scale.Metres >= 1000 {
		return number(float64(m.Scale.Metres)/1000, 0) + " km"
	}
	return fmt.Sprint(m.Scale.Metres) + " m"
}

// theme is what a map shows: the class of each plot, and all classes in order.
type theme struct {
	title, note template.HTML
	of          func(plotID string) word
	order       []word
}

// growthMap shows the growth grade, and where no crop has plots enough for
// grades, the leaf area they are not graded by.
func (r *run) growthMap() theme {
	for _, cs := range r.cycles {
		if c, _ := shown(cs); c.GrowthGrade != nil {
			return theme{both("Growth grade", "长势等级"), both("Fifths of the light taken up so far (integrated FAPAR) among plots of the same crop in the county; graded where there are 30 or more.", "同县同作物田块累计光能吸收（FAPAR 积分）五等分；不足 30 块不分级。"),
				r.gradeOf, append(append([]word{}, grades...), noGrade)}
		}
	}
	return theme{both("Growth", "长势"), both("Highest leaf area index of the cycle. No crop has the 30 plots that grades 1–5 are given from.", "该周期最大叶面积指数（LAI）。各作物均不足 30 块，不分级。"),
		r.leafOf, append(append([]word{}, leaves...), noLeaf)}
}

func (r *run) leafOf(plotID string) word {
	c, _ := shown(r.cycles[plotID])
	if c.LAIPeak == nil {
		return noLeaf
	}
	return leaves[max(0, min(int(*c.LAIPeak), len(leaves)-1))]
}

func (r *run) maps() ([]mapCard, error) {
	if len(r.shapes) == 0 {
		return nil, nil
	}
	breaks := r.yieldBreaks()
	var out []mapCard
	for _, m := range []theme{
		{both("Crop", "作物"), both("What imagery shows in the cycle that the as-of day falls in, else in the latest; never the declaration.", "影像所见：决策日所在作物周期，否则为最近一个周期；不采用申报。"), r.cropOf, append(append([]word{}, crops...), noCrop, unsure, blind)},
		r.growthMap(),
		{both("Decision", "授信决定"), both("The decision on the grower who farms the plot.", "田块经营者的授信决定。"), r.outcomeOf, append(append([]word{}, outcomes...), noDecided)},
		{both("Yield, median estimate", "产量（中位估计）"), both("Kilograms per mu at the crop's trade moisture, of the same cycle as the crop map.", "按作物标准含水率，千克/亩；周期与作物图一致。"), func(id string) word { return r.yieldOf(id, breaks) }, append(yieldWords(breaks), noYield)},
	} {
		card, err := r.mapOf(m.of, m.order)
		if err != nil {
			return nil, err
		}
		card.Title, card.Note = m.title, m.note
		out = append(out, card)
	}
	return out, nil
}

func (r *run) mapOf(of func(string) word, order []word) (mapCard, error) {
	mu, plots := map[word]float64{}, map[word]map[string]bool{}
	class := make([]word, len(r.shapes))
	for i, s := range r.shapes {
		w := of(s.PlotID)
		class[i] = w
		mu[w] += s.AreaMu
		if plots[w] == nil {
			plots[w] = map[string]bool{}
		}
		plots[w][s.PlotID] = true
	}
	var card mapCard
	var colours []color.RGBA
	index := map[word]int{}
	for _, w := range append(order, unlisted(plots, order)...) {
		w = r.zh(w)
		if len(plots[w]) > 0 {
			index[w] = len(colours)
			colours = append(colours, w.Colour)
			card.Legend = append(card.Legend, legendItem{w, mu[w], len(plots[w])})
		}
	}
	classes := make([]int, len(class))
	for i, w := range class {
		classes[i] = index[w]
	}
	png, f, err := picture(r.shapes, classes, colours)
	if err != nil {
		return card, fmt.Errorf("draw a map: %w", err)
	}
	card.URL, card.W, card.H, card.Scale = pngURL(png), f.W, f.H, f.scale()
	return card, nil
}

// zh fills in a crop's Chinese name, so that table rows and found words match.
func (r *run) zh(w word) word {
	if w.ZH == "" && w.Code != "" {
		w.ZH = scoring.CropZH(w.Code)
	}
	return w
}

// unlisted are the classes found that the table does not have, sorted.
func unlisted(found map[word]map[string]bool, order []word) []word {
	have := map[string]bool{}
	for _, w := range order {
		have[w.EN] = true
	}
	var out []word
	for w := range found {
		if !have[w.EN] {
			out = append(out, w)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].EN < out[j].EN })
	return out
}

func (r *run) cropOf(plotID string) word {
	c, ok := shown(r.cycles[plotID])
	switch {
	case ok && c.Crop != "" && c.Assessable:
		return cropWord(c.Crop)
	case ok && c.Assessable, c.Reason == "no_cycle":
		return noCrop
	case c.Crop != "":
		return unsure
	}
	return blind
}

func (r *run) gradeOf(plotID string) word {
	c, _ := shown(r.cycles[plotID])
	if c.GrowthGrade != nil {
		for _, g := range grades {
			if g.Code == fmt.Sprint(*c.GrowthGrade) {
				return g
			}
		}
	}
	return noGrade
}

func (r *run) outcomeOf(plotID string) word {
	if p := r.plots[plotID]; p != nil {
		if d := r.decided[p.Grower]; d != nil {
			return outcomeWord(d.Outcome)
		}
	}
	return noDecided
}

func outcomeWord(code string) word {
	for _, o := range outcomes {
		if o.Code == code {
			return o
		}
	}
	return word{code, code, code, noDecided.Colour}
}

// yieldBreaks are round sextiles of the plots' median yields.
func (r *run) yieldBreaks() []float64 {
	var v []float64
	for _, cs := range r.cycles {
		if c, _ := shown(cs); c.YieldP50 != nil {
			v = append(v, *c.YieldP50)
		}
	}
	slices.Sort(v)
	var out []float64
	for i := 1; i < len(yieldRamp) && len(v) > 0; i++ {
		b := math.Round(quantile(v, float64(i)/float64(len(yieldRamp)))/10) * 10
		if len(out) == 0 || b > out[len(out)-1] {
			out = append(out, b)
		}
	}
	return out
}

// yieldWords are the classes between the breaks, low to high.
func yieldWords(breaks []float64) []word {
	var out []word
	for i := 0; i <= len(breaks); i++ {
		var text string
		switch {
		case len(breaks) == 0:
			return nil
		case i == 0:
			text = "< " + number(breaks[0], 0)
		case i == len(breaks):
			text = "≥ " + number(breaks[i-1], 0)
		default:
			text = number(breaks[i-1], 0) + "–" + number(breaks[i], 0)
		}
		out = append(out, word{fmt.Sprint(i), text + " kg/mu", text + " 千克/亩", yieldRamp[i]})
	}
	return out
}

func (r *run) yieldOf(plotID string, breaks []float64) word {
	c, _ := shown(r.cycles[plotID])
	if c.YieldP50 == nil || len(breaks) == 0 {
		return noYield
	}
	i := 0
	for i < len(breaks) && *c.YieldP50 >= breaks[i] {
		i++
	}
	return yieldWords(breaks)[i]
}
