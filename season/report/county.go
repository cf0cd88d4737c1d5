package report

import (
	"fmt"
	"html/template"
	"sort"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// page is what the report's template shows.
type page struct {
	Head         head
	Cards        []card
	Maps         []mapCard
	Curves       []curveCard
	CurvesLeft   int
	Yields       []yieldRow
	YieldAxis    template.HTML
	Areas        []areaRow
	Limits       template.HTML
	LimitStep    int64
	Outcomes     []outcomeRow
	Bindings     []countRow
	Reasons      []countRow
	Findings     []findingRow
	Largest      []decisionRow
	Referred     []decisionRow
	ReferredLeft int
	Sheets       []sheet
	Undecided    int
	Warnings     []rundir.Warning
	WarningsLeft int
	Assumed      []countRow // of the parcels' coordinates
	Inputs       []rundir.Input
	InputsLeft   int
	Models       []rundir.Model
	Seconds      []countRow
}

// head stands above the report and above a sheet.
type head struct {
	rundir.Info
	Chinese bool
	Policy  string
}

type card struct {
	Label template.HTML
	Value string
	Note  template.HTML
}

// Long values get smaller letters.
func (c card) Long() bool { return len(c.Value) > 12 }

func (r *run) head(opt Options) head {
	h := head{Info: r.info, Chinese: opt.Language == "zh"}
	if len(r.order) > 0 {
		h.Policy = r.order[0].CreditPolicy
	}
	return h
}

func (r *run) county(opt Options, chosen []string) (*page, error) {
	p := &page{Head: r.head(opt), Cards: r.cards(), Models: r.info.Models}
	var err error
	if p.Maps, err = r.maps(); err != nil {
		return nil, err
	}
	p.Curves, p.CurvesLeft = r.seasonCurves()
	p.Yields, p.YieldAxis = r.yields()
	p.Areas = r.areas()
	p.Limits, p.LimitStep = r.limits()
	p.Outcomes, p.Bindings, p.Reasons = r.outcomes(), r.bindings(), r.reasons()
	p.Findings = r.findingRows()
	for _, d := range r.order {
		if d.Outcome == scoring.Admit && d.LimitFen > 0 && len(p.Largest) < largestShown {
			p.Largest = append(p.Largest, r.row(d, chosen))
		}
		if d.Outcome == scoring.Refer {
			p.ReferredLeft++
		}
	}
	for _, d := range r.referred() {
		p.Referred = append(p.Referred, r.row(d, chosen))
	}
	p.ReferredLeft -= len(p.Referred)
	for _, g := range chosen {
		p.Sheets = append(p.Sheets, r.sheet(g, plotsPerSheet))
	}
	p.Undecided = len(r.order) - len(chosen)
	p.Warnings = r.info.Warnings[:min(len(r.info.Warnings), warningsShown)]
	p.WarningsLeft = len(r.info.Warnings) - len(p.Warnings)
	p.Assumed = counted(r.assumed, func(code string) template.HTML { return both(code, code) })
	for i := range p.Assumed {
		p.Assumed[i].Text = p.Assumed[i].Code
	}
	p.Inputs = r.info.Inputs[:min(len(r.info.Inputs), inputsShown)]
	p.InputsLeft = len(r.info.Inputs) - len(p.Inputs)
	for _, k := range sortedKeys(r.info.Seconds) {
		p.Seconds = append(p.Seconds, countRow{Label: both(k, k), Text: number(r.info.Seconds[k], 1)})
	}
	return p, nil
}

func (r *run) cards() []card {
	var mu float64
	for _, id := range sortedKeys(r.plots) {
		mu += r.plots[id].mu()
	}
	var limit int64
	n := map[string]int{}
	for _, d := range r.order {
		n[d.Outcome]++
		if d.Outcome == scoring.Admit {
			limit += d.LimitFen
		}
	}
	whole := func(v int) string { return number(float64(v), 0) }
	return []card{
		{both("Admitted limit", "准入额度合计"), yuan(limit), both(fmt.Sprintf("to %s of %s growers", whole(n[scoring.Admit]), whole(len(r.order))), fmt.Sprintf("%s 户准入，共 %s 户", whole(n[scoring.Admit]), whole(len(r.order))))},
		{both("Referred to a person", "转人工"), whole(n[scoring.Refer]), both("growers", "户")},
		{both("Land", "土地"), number(mu, 0), both("mu in "+whole(len(r.shapes))+" parcels", "亩，"+whole(len(r.shapes))+" 个地块")},
		{both("Plots judged", "评估田块"), whole(len(r.plots)), both("from "+whole(r.info.Counts["scenes"])+" scenes", "影像 "+whole(r.info.Counts["scenes"])+" 景")},
		{both("Findings", "核查发现"), whole(len(r.findings)), both("contradictions between records and imagery", "数据与影像之间的不一致")},
		{both("Warnings", "运行提示"), whole(len(r.info.Warnings)), both("about the input", "关于输入数据")},
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
