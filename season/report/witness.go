package report

import (
	"errors"
	"html/template"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// landRow is one line of the table of areas: a plot, or all land of the grower.
type landRow struct {
	Plot                                                   string // empty = all
	Contract, Surveyed, Claimed, Polygon, Seen, Counts, By string
}

// pairCell is how often two kinds of witnesses agree and differ.
type pairCell struct {
	Agree, Differ int
	Self          bool // the diagonal
}

func (c pairCell) Spoken() bool { return c.Agree+c.Differ > 0 }

type pairRow struct {
	Kind  template.HTML
	Cells []pairCell
}

type differView struct {
	Plot    string
	Subject template.HTML
	Says    []string // by scoring.WitnessKinds
}

// Witness is what the witnesses say of a grower's land.
type witnessView struct {
	Areas     []landRow
	AreasLeft int
	Kinds     []template.HTML
	Pairs     []pairRow
	Differ    []differView
}

var (
	kindWords = map[string][2]string{"self": {"grower", "申请人"}, "government": {"government", "政府"}, "partner": {"partners", "合作机构"}, "satellite": {"satellite", "卫星"}}
	bySource  = map[string][2]string{"contract": {"contract", "合同"}, "transfer": {"lease", "流转合同"}, "surveyed": {"survey", "实测"}, "claimed": {"claim", "申报"}, "seen": {"outline", "图形"}}
	subjects  = map[string][2]string{"crop": {"crop", "作物"}, "area": {"area", "面积"}}
)

// areasOnSheet bounds the table of a grower with many plots.
const areasOnSheet = 40

// readWitnesses reads areas and agreements of the growers that get a sheet. A
// run of an earlier version has neither.
func (r *run) readWitnesses(dir string, growers []string) error {
	want := map[string]bool{}
	for _, g := range growers {
		want[g] = true
	}
	r.saidAreas, r.agree = map[string][]rundir.Area{}, map[string][]rundir.Agreement{}
	err := rundir.Each(filepath.Join(dir, rundir.AreasFile), func(rows []rundir.Area) error {
		for _, a := range rows {
			if want[a.GrowerID] {
				r.saidAreas[a.GrowerID] = append(r.saidAreas[a.GrowerID], a)
			}
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return rundir.Each(filepath.Join(dir, rundir.AgreementFile), func(rows []rundir.Agreement) error {
		for _, a := range rows {
			if want[a.GrowerID] {
				r.agree[a.GrowerID] = append(r.agree[a.GrowerID], a)
			}
		}
		return nil
	})
}

func (r *run) witnesses(grower string) (w witnessView) {
	for i, a := range r.saidAreas[grower] {
		if i == areasOnSheet {
			w.AreasLeft = len(r.saidAreas[grower]) - i
			break
		}
		row := landRow{Plot: a.PlotID, Contract: value(a.Contract, 2), Surveyed: value(a.Surveyed, 2), Claimed: value(a.Claimed, 2), Polygon: value(a.Polygon, 2), Counts: value(a.Counts, 2), Seen: "–"}
		if a.Claimed == nil {
			row.Claimed = value(a.Drawn, 2)
		}
		if a.SeenHigh != nil {
			row.Seen = value(a.SeenLow, 2) + " – " + value(a.SeenHigh, 2)
		}
		row.By = a.CountedBy
		w.Areas = append(w.Areas, row)
	}
	place := map[string]int{}
	for i, k := range scoring.WitnessKinds {
		place[k] = i
		w.Kinds = append(w.Kinds, called(kindWords, k))
	}
	var cells [4][4]pairCell
	count := func(pairs string, add func(*pairCell)) {
		for _, p := range split(pairs) {
			a, b, _ := strings.Cut(p, "-")
			add(&cells[place[a]][place[b]])
			add(&cells[place[b]][place[a]])
		}
	}
	for _, a := range r.agree[grower] {
		count(a.Agree, func(c *pairCell) { c.Agree++ })
		count(a.Differ, func(c *pairCell) { c.Differ++ })
		if a.Differ != "" && len(w.Differ) < areasOnSheet {
			w.Differ = append(w.Differ, differView{Plot: a.PlotID, Subject: called(subjects, a.Subject), Says: []string{a.Self, a.Government, a.Partner, a.Satellite}})
		}
	}
	if len(r.agree[grower]) > 0 {
		for i := range cells {
			cells[i][i].Self = true
			w.Pairs = append(w.Pairs, pairRow{w.Kinds[i], cells[i][:]})
		}
	}
	return w
}

// Counted names the witnesses that were smallest.
func (a landRow) Counted() template.HTML {
	var out []string
	for _, w := range split(a.By) {
		out = append(out, string(called(bySource, w)))
	}
	return template.HTML(strings.Join(out, ", "))
}
