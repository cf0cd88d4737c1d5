package report

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// run is what the report reads of a run's files. What is long (series, traces)
// is kept only for the growers that get a sheet.
type run struct {
	info      rundir.Info
	plots     map[string]*plot
	plotsOf   map[string][]*plot // by grower, sorted by plot
	cycles    map[string][]rundir.Cycle
	decided   map[string]*decision
	order     []*decision // by limit, then grower
	findings  []rundir.Finding
	byGrower  map[string][]rundir.Finding
	shapes    []rundir.Shape
	axis      []string // dekads of the series
	spread    map[string]*spread
	curves    map[string][]point // series of the plots on sheets
	texts     map[string][2]string
	saidAreas map[string][]rundir.Area      // of the growers on sheets
	assumed   map[string]int                // parcels of which it was assumed
	spells    map[string][]rundir.Spell     // by parcel of the growers on sheets
	agree     map[string][]rundir.Agreement // of the same
}

// plot is a plot, or a parcel that stands alone.
type plot struct {
	ID      string
	Grower  string
	Parcels []string
	M2      float64
	Assumed []string // of the parcels' coordinates
}

func (p *plot) mu() float64 { return p.M2 * 3 / 2000 }

// decision is a decision without its trace, which is read when wanted.
type decision struct {
	ID           string  `parquet:"decision_id"`
	Grower       string  `parquet:"grower_id"`
	Outcome      string  `parquet:"outcome,dict"`
	LimitFen     int64   `parquet:"limit_fen"`
	Binding      string  `parquet:"binding,dict"`
	TenorEnd     string  `parquet:"tenor_end"`
	RateBP       int32   `parquet:"rate_bp"`
	Reasons      string  `parquet:"reasons"`
	RestsOn      string  `parquet:"rests_on,dict"`
	AreaMu       float64 `parquet:"area_mu"`
	CreditPolicy string  `parquet:"credit_policy,dict"`
	Models       string  `parquet:"models,dict"`
	trace        trace
}

func (d *decision) codes() []string { return split(d.Reasons) }

// trace is the JSON column of the same name.
type trace struct {
	Constraints []scoring.Constraint `json:"constraints"`
	Rules       []string             `json:"rules"`
	Reasons     []scoring.Reason     `json:"reasons"`
}

// load reads all but the series and the traces.
func load(dir string) (*run, error) {
	r := &run{plots: map[string]*plot{}, plotsOf: map[string][]*plot{}, cycles: map[string][]rundir.Cycle{},
		decided: map[string]*decision{}, byGrower: map[string][]rundir.Finding{}, texts: map[string][2]string{}, assumed: map[string]int{}}
	var err error
	if r.info, err = rundir.ReadInfo(dir); err != nil {
		return nil, err
	}
	rows, err := rundir.ReadPlots(dir)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		p := r.plots[row.PlotID]
		if p == nil {
			p = &plot{ID: row.PlotID, Grower: row.GrowerID}
			r.plots[row.PlotID] = p
			r.plotsOf[row.GrowerID] = append(r.plotsOf[row.GrowerID], p)
		}
		p.Parcels = append(p.Parcels, row.ParcelID)
		p.M2 += row.AreaM2
		for _, a := range split(row.Assumed) {
			r.assumed[a]++
			if !slices.Contains(p.Assumed, a) {
				p.Assumed = append(p.Assumed, a)
			}
		}
	}
	for _, ps := range r.plotsOf {
		sort.Slice(ps, func(i, j int) bool { return ps[i].ID < ps[j].ID })
	}
	cycles, err := rundir.ReadCycles(dir)
	if err != nil {
		return nil, err
	}
	for _, c := range cycles {
		r.cycles[c.ParcelID] = append(r.cycles[c.ParcelID], c)
	}
	for _, cs := range r.cycles {
		sort.SliceStable(cs, func(i, j int) bool { return cs[i].Cycle < cs[j].Cycle })
	}
	if r.findings, err = rundir.ReadFindings(dir); err != nil {
		return nil, err
	}
	for _, f := range r.findings {
		r.byGrower[f.GrowerID] = append(r.byGrower[f.GrowerID], f)
	}
	if r.shapes, err = rundir.ReadShapes(dir); err != nil {
		return nil, err
	}
	err = rundir.Each(filepath.Join(dir, rundir.DecisionsFile), func(rows []decision) error {
		for _, d := range rows {
			r.decided[d.Grower] = &d
			r.order = append(r.order, &d)
		}
		return nil
	})
	sort.SliceStable(r.order, func(i, j int) bool {
		if a, b := r.order[i], r.order[j]; a.LimitFen != b.LimitFen {
			return a.LimitFen > b.LimitFen
		} else {
			return a.Grower < b.Grower
		}
	})
	return r, err
}

// fill reads the traces and series of the growers, and the spread of all
// series.
func (r *run) fill(dir string, growers []string) error {
	want := map[string]bool{}
	for _, g := range growers {
		want[g] = true
	}
	for _, d := range r.referred() {
		want[d.Grower] = true
	}
	err := rundir.Each(filepath.Join(dir, rundir.DecisionsFile), func(rows []struct {
		Grower  string `parquet:"grower_id"`
		Reasons string `parquet:"reasons"`
		Trace   string `parquet:"trace"`
	}) error {
		for _, row := range rows {
			if !want[row.Grower] && r.known(row.Reasons) {
				continue
			}
			var t trace
			if err := json.Unmarshal([]byte(row.Trace), &t); err != nil {
				return fmt.Errorf("trace of the decision on grower %s: %w", row.Grower, err)
			}
			for _, reason := range t.Reasons {
				if _, ok := r.texts[reason.Code]; !ok {
					r.texts[reason.Code] = [2]string{reason.EN, reason.ZH}
				}
			}
			if want[row.Grower] {
				r.decided[row.Grower].trace = t
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.readWitnesses(dir, growers); err != nil {
		return err
	}
	if err := r.readTenure(dir, growers); err != nil {
		return err
	}
	return r.readSeries(dir, growers)
}

// known reports whether a text stands by for every code of a list.
func (r *run) known(codes string) bool {
	for _, c := range split(codes) {
		if _, ok := r.texts[c]; !ok {
			return false
		}
	}
	return true
}

// referred are those whom a person decides, largest limits first.
func (r *run) referred() []*decision {
	var out []*decision
	for _, d := range r.order {
		if d.Outcome == scoring.Refer && len(out) < referredShown {
			out = append(out, d)
		}
	}
	return out
}

// choose picks the growers that get a sheet: some of every outcome, largest
// limits first, then the largest of all.
func (r *run) choose(n int) []string {
	share := map[string]int{scoring.Admit: n * 2 / 5, scoring.Refer: n * 3 / 10, scoring.Decline: n / 5, scoring.NotAssessable: n / 10}
	taken := map[string]bool{}
	for _, d := range r.order {
		if share[d.Outcome] > 0 && len(taken) < n {
			share[d.Outcome]--
			taken[d.Grower] = true
		}
	}
	for _, d := range r.order {
		if len(taken) < n {
			taken[d.Grower] = true
		}
	}
	out := make([]string, 0, len(taken))
	for _, o := range outcomes {
		for _, d := range r.order {
			if d.Outcome == o.Code && taken[d.Grower] {
				out = append(out, d.Grower)
				delete(taken, d.Grower)
			}
		}
	}
	return out
}

// shown is the cycle that as-of falls in, else the latest; the same choice as
// in parcels.gpkg.
func shown(cs []rundir.Cycle) (out rundir.Cycle, ok bool) {
	for _, c := range cs {
		if !ok || !out.Current {
			out, ok = c, true
		}
	}
	return out, ok
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

// Why and Rules are parts of the trace for the page.
func (d *decision) Why() []scoring.Reason { return d.trace.Reasons }
func (d *decision) Rules() []string       { return d.trace.Rules }
