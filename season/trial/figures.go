package trial

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parus-lending/parus/models"
)

// Figures are what was measured of one model on one split.
type Figures struct {
	Split     Split
	Model     string // name and version
	Runtime   string
	Rows      int
	AsOther   int // labels the model has no name for
	Scores    models.Scores
	Kept      models.Kept   // by the card's rules
	Coverage  []models.Kept // by falling probability
	Sure      []Sure        // what could contradict a grower
	Reasons   []Group       // why rows are not assessable
	InService []string
	ByDekad   []Group // of the season, cut after each
	ByRegion  []Group
	ByYear    []Group
	ByArea    []Group
	ByShare   []Group
	Familiar  *FamiliarFigures
	Baseline  *BaselineFigures
}

// Group is a part of the rows.
type Group struct {
	Name   string
	Rows   int
	Scores models.Scores
	Kept   models.Kept
}

// BaselineFigures compare with another classifier on the rows both have.
type BaselineFigures struct {
	Rows          int
	Model, Theirs models.Scores
	OnlyModel     int // rows only the model names rightly
	OnlyTheirs    int
	P             float64 // McNemar
}

// FamiliarFigures say whether a place unlike those of training is noticed: what
// the share of flagged rows, and the familiarity itself, tell.
type FamiliarFigures struct {
	Inside, Outside           int     // rows
	FlaggedIn, FlaggedOut     float64 // shares
	AUC                       float64 // of familiarity, inside above outside
	AUCProbability            float64 // of the highest probability, for comparison
	OAInside, OAOutside       float64
	OAFlagged, OANotFlagged   float64 // outside
	PowerRows, PowerLeast     int
	Power                     float64
	CoverageWith, CoverageOut []models.Kept // outside: familiar rows first, and by probability alone
}

// dekadsShown are the cuts of the mid-season figures: 12 = the end of April.
var dekadsShown = []int{9, 12, 15, 18, 21, 24, 27, 30, 33, 36}

// areaEdges part plots by size, mu.
var areaEdges = []float64{1, 2, 5, 10, 20, 50}

// EvaluateOptions say what to measure.
type EvaluateOptions struct {
	Suite *Suite
	Names []string  // models; none = all of the suite
	Log   io.Writer // a line per split as it is done; nil = none
}

// Evaluate measures the models of a suite through the code that Run uses.
func (m Models) Evaluate(ctx context.Context, opt EvaluateOptions) ([]Figures, error) {
	var out []Figures
	inside := map[string]Split{} // model spec → the split of blocks it was held out from
	for _, sp := range opt.Suite.Splits {
		for _, spec := range sp.Models {
			if _, ok := inside[spec]; !ok && sp.Kind == "blocks" {
				inside[spec] = sp
			}
		}
	}
	for _, sp := range opt.Suite.Splits {
		rej := newRejects(sp.Table)
		var rows []labelled
		for _, spec := range sp.Models {
			c, err := m.classifier(spec, opt.Suite.dir)
			if err != nil {
				return nil, fmt.Errorf("split %s: %w", sp.Name, err)
			}
			if !wants(opt.Names, spec, c.card) {
				continue
			}
			if err := fits(c.card, opt.Suite.path(sp.Table)); err != nil {
				return nil, fmt.Errorf("split %s: %w", sp.Name, err)
			}
			if rows == nil {
				if rows, _, err = readLabelled(ctx, opt.Suite.path(sp.Table), rej); err != nil {
					return nil, fmt.Errorf("split %s: %w", sp.Name, err)
				}
				if rej.count() > 0 {
					return nil, fmt.Errorf("split %s: table %s has %d rows that cannot be used, the first: %s", sp.Name, sp.Table, rej.count(), rej.first())
				}
			}
			familiar := sp.Familiar
			if familiar == "" && sp.Kind == "region" {
				familiar = inside[spec].Table
			}
			f, err := c.figures(ctx, opt.Suite, sp, rows, familiar)
			if err != nil {
				return nil, fmt.Errorf("split %s, model %s: %w", sp.Name, c.card.Name, err)
			}
			if opt.Log != nil {
				fmt.Fprintf(opt.Log, "%s: %s, %d rows, OA %.3f, macro-F1 %.3f, ECE %.3f\n", sp.Name, f.Model, f.Rows, f.Scores.OA, f.Scores.MacroF1, f.Scores.ECE)
			}
			out = append(out, *f)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no split of the suite measures %v", opt.Names)
	}
	return out, nil
}

func (c *classifier) figures(ctx context.Context, s *Suite, sp Split, rows []labelled, familiar string) (*Figures, error) {
	rt, err := c.models.runtime(c.card)
	if err != nil {
		return nil, err
	}
	results, err := c.classify(ctx, rows, wholeYear)
	if err != nil {
		return nil, err
	}
	v := judge(c.card.Classes, rows, results)
	top, right := models.Tops(v.truth, v.p)
	f := &Figures{Split: sp, Model: c.card.Name + " " + c.card.Version, Runtime: rt.Name(), Rows: len(rows), AsOther: v.asOther,
		Scores: v.scores(), Kept: v.kept(), Coverage: models.CoverageAccuracy(top, right), Sure: v.sure(c.card.InService), InService: c.card.InService}
	for _, reason := range []string{models.FewDates, models.Unfamiliar, models.LowConfidence, models.OtherCrop} {
		if g := group(reason, v.only(func(i int) bool { return v.reason[i] == reason })); g.Rows > 0 {
			f.Reasons = append(f.Reasons, g)
		}
	}
	f.ByRegion = byMark(v, rows, markRegion)
	f.ByYear = byMark(v, rows, markYear)
	f.ByShare = byMark(v, rows, markShare)
	f.ByArea = byArea(v, rows)
	if sp.Kind != "mixture" {
		if err := c.byDekad(ctx, f, rows); err != nil {
			return nil, err
		}
	}
	if sp.Baseline != "" {
		if err := f.compare(ctx, s.path(sp.Baseline), v, rows); err != nil {
			return nil, err
		}
	}
	if familiar != "" && models.Size(c.card.OutputShape) > len(c.card.Classes) {
		if err := c.familiarity(ctx, f, s.path(familiar), v); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func group(name string, v verdicts) Group {
	g := Group{Name: name, Rows: len(v.truth)}
	if g.Rows > 0 {
		g.Scores, g.Kept = v.scores(), v.kept()
	}
	return g
}

// byMark parts the rows by the values of a column; nothing where there is one.
func byMark(v verdicts, rows []labelled, mark int) []Group {
	var values []string
	for _, r := range rows {
		values = append(values, r.marks[mark])
	}
	names := slices.Compact(slices.Sorted(slices.Values(values)))
	if len(names) < 2 {
		return nil
	}
	var out []Group
	for _, n := range names {
		g := group(n, v.only(func(i int) bool { return rows[i].marks[mark] == n }))
		if n == "" {
			g.Name = "not given"
		}
		out = append(out, g)
	}
	return out
}

func byArea(v verdicts, rows []labelled) []Group {
	var out []Group
	lo := 0.0
	for _, hi := range append(slices.Clone(areaEdges), math.Inf(1)) {
		name := fmt.Sprintf("%g–%g mu", lo, hi)
		if math.IsInf(hi, 1) {
			name = fmt.Sprintf("over %g mu", lo)
		}
		low := lo
		if g := group(name, v.only(func(i int) bool { a := rows[i].number(markArea); return a >= low && a < hi })); g.Rows > 0 {
			out = append(out, g)
		}
		lo = hi
	}
	return out
}

// byDekad shows the network only the first dekads of the year. Rows count that
// have dates enough by then.
func (c *classifier) byDekad(ctx context.Context, f *Figures, rows []labelled) error {
	for _, shown := range dekadsShown {
		results, err := c.classify(ctx, rows, shown)
		if err != nil {
			return err
		}
		v := judge(c.card.Classes, rows, results)
		if g := group(fmt.Sprint(shown), v.only(func(i int) bool { return v.reason[i] != models.FewDates })); g.Rows > 0 {
			f.ByDekad = append(f.ByDekad, g)
		}
	}
	return nil
}

func (f *Figures) compare(ctx context.Context, path string, v verdicts, rows []labelled) error {
	theirs, has, err := baseline(ctx, path, rows)
	if err != nil {
		return err
	}
	mine := v.only(func(i int) bool { return has[i] })
	b := &BaselineFigures{Rows: len(mine.truth), Model: mine.scores(), Theirs: theirs.scores()}
	_, a := models.Tops(mine.truth, mine.p)
	_, o := models.Tops(theirs.truth, theirs.p)
	b.OnlyModel, b.OnlyTheirs, b.P = models.McNemar(a, o)
	f.Baseline = b
	return nil
}

// alarmRows of a region are judged together; a false alarm has the chance alarm.
const (
	alarmRows = 50
	alarm     = 0.05
)

func (c *classifier) familiarity(ctx context.Context, f *Figures, path string, out verdicts) error {
	rej := newRejects(path)
	rows, _, err := readLabelled(ctx, path, rej)
	if err != nil {
		return err
	}
	results, err := c.classify(ctx, rows, wholeYear)
	if err != nil {
		return err
	}
	in := judge(c.card.Classes, rows, results)
	least := c.card.MinFamiliarity
	flagged := func(v verdicts) (n int) {
		for _, x := range v.familiarity {
			if x < least {
				n++
			}
		}
		return n
	}
	topIn, _ := models.Tops(in.truth, in.p)
	topOut, right := models.Tops(out.truth, out.p)
	x := &FamiliarFigures{Inside: len(in.truth), Outside: len(out.truth), FlaggedIn: share(flagged(in), len(in.truth)), FlaggedOut: share(flagged(out), len(out.truth)),
		AUC: models.AUC(out.familiarity, in.familiarity), AUCProbability: models.AUC(topOut, topIn), OAInside: in.scores().OA, OAOutside: out.scores().OA, PowerRows: alarmRows}
	x.PowerLeast, x.Power = models.RegionPower(alarmRows, x.FlaggedIn, x.FlaggedOut, alarm)
	x.OAFlagged = out.only(func(i int) bool { return out.familiarity[i] < least }).scores().OA
	x.OANotFlagged = out.only(func(i int) bool { return out.familiarity[i] >= least }).scores().OA
	score := make([]float64, len(topOut)) // unfamiliar rows go last, however sure
	for i, p := range topOut {
		score[i] = p
		if out.familiarity[i] < least {
			score[i]--
		}
	}
	x.CoverageOut, x.CoverageWith = models.CoverageAccuracy(topOut, right), models.CoverageAccuracy(score, right)
	f.Familiar = x
	return nil
}
