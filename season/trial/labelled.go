package trial

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parus-lending/parus/models"
)

// labelled is one id of a labelled table, ready for a network.
type labelled struct {
	id    string
	marks [nMarks]string
	looks []models.Look
	lat   float64
}

// readLabelled reads a long table with the column label. Rows that cannot be
// used go to rej; ids without a label are left out and counted.
func readLabelled(ctx context.Context, path string, rej *rejects) (out []labelled, unlabelled int, err error) {
	_, err = readPlaces(ctx, path, rej, func(p *place) error {
		if p.marks[markLabel] == "" {
			unlabelled++
		} else {
			out = append(out, labelled{p.id, p.marks, p.looks, p.lat})
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("table %s has no labelled row: it needs a column label with the crop of each id beside the columns of `parus models run crop`", path)
		if rej.count() > 0 {
			err = fmt.Errorf("%w; of its rows %d were refused, the first: %s", err, rej.count(), rej.first())
		}
	}
	return out, unlabelled, err
}

func (l labelled) number(mark int) float64 {
	v, err := strconv.ParseFloat(l.marks[mark], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// classifier is one model of a comparison.
type classifier struct {
	models Models
	name   string // of the model
	card   *models.Card
}

// classifier finds a model by its name, or by the path of its card seen from
// dir.
func (m Models) classifier(spec, dir string) (*classifier, error) {
	if filepath.Ext(spec) == ".json" {
		if !filepath.IsAbs(spec) {
			spec = filepath.Join(dir, spec)
		}
		reg, err := models.OpenCard(spec)
		if err != nil {
			return nil, err
		}
		m.Registry = reg
		spec = reg.Names()[0]
	}
	card, err := m.Registry.Card(spec)
	if err != nil {
		return nil, err
	}
	if card.Task != "crop" {
		return nil, fmt.Errorf("model %s has the task %s: labelled tables measure crop models", spec, card.Task)
	}
	return &classifier{m, spec, card}, nil
}

// last dekad shown of a year: all of it.
const wholeYear = 36

// classify names every row; nothing later than the dekads shown (1–36) is seen.
func (c *classifier) classify(ctx context.Context, rows []labelled, shown int) ([]models.CropResult, error) {
	var out []models.CropResult
	produce := func(yield func([]labelled) error) error {
		for batch := range slices.Chunk(rows, placesAtOnce) {
			if err := yield(batch); err != nil {
				return err
			}
		}
		return nil
	}
	start := func() (func(context.Context, []labelled) ([]models.CropResult, error), func(), error) {
		crop, session, err := c.models.crop(c.name)
		if err != nil {
			return nil, nil, err
		}
		work := func(ctx context.Context, rows []labelled) ([]models.CropResult, error) {
			in := make([]models.CropInput, len(rows))
			for i, r := range rows {
				in[i] = models.CropWindow(r.looks, r.lat, c.card.MinDates)
				hide(&in[i], shown)
			}
			results, lost, err := crop.Classify(ctx, in)
			if err == nil && len(lost) > 0 {
				err = fmt.Errorf("%s: %d ids, from %s on: %w", models.ModelFailed, lost[0].Count, rows[lost[0].First].id, lost[0].Err)
			}
			return results, err
		}
		return work, func() { session.Close() }, nil
	}
	err := ordered(ctx, c.models.workers(), produce, start, func(r []models.CropResult) error { out = append(out, r...); return nil })
	return out, err
}

// hide leaves the dekads after the first so many unseen.
func hide(in *models.CropInput, shown int) {
	empty := models.EmptyCropInput()
	for d := shown; d < wholeYear; d++ {
		in.Bands[d], in.Radar[d] = empty.Bands[d], empty.Radar[d]
	}
}

// verdicts are the answers of one classifier on labelled rows, in its classes
// and those of the labels beside.
type verdicts struct {
	classes     []string
	truth       []int
	p           [][]float64
	assessable  []bool
	reason      []string
	familiarity []float64 // NaN = not told
	asOther     int       // rows whose label the model has no name for
}

// judge puts results beside the truth. A label that is not among the model's
// classes counts as other where it has that class, else as a class of its own
// that is never named.
func judge(classes []string, rows []labelled, results []models.CropResult) verdicts {
	v := verdicts{classes: slices.Clone(classes)}
	other := slices.Index(classes, "other")
	known := len(classes)
	for i, r := range rows {
		k := slices.Index(v.classes, r.marks[markLabel])
		if (k < 0 || k >= known) && other >= 0 {
			k, v.asOther = other, v.asOther+1
		} else if k < 0 {
			k, v.classes = len(v.classes), append(v.classes, r.marks[markLabel])
		}
		v.truth = append(v.truth, k)
		v.p = append(v.p, results[i].Probabilities)
		v.assessable, v.reason = append(v.assessable, results[i].Assessable), append(v.reason, results[i].Reason)
		v.familiarity = append(v.familiarity, results[i].Familiarity)
	}
	return v
}

// only keeps the rows for which keep says so.
func (v verdicts) only(keep func(i int) bool) verdicts {
	out := verdicts{classes: v.classes}
	for i := range v.truth {
		if keep(i) {
			out.truth, out.p = append(out.truth, v.truth[i]), append(out.p, v.p[i])
			out.assessable, out.reason = append(out.assessable, v.assessable[i]), append(out.reason, v.reason[i])
			out.familiarity = append(out.familiarity, v.familiarity[i])
		}
	}
	return out
}

func (v verdicts) scores() models.Scores { return models.Score(v.classes, v.truth, v.p) }

// kept is the share of rows that are assessable, and how many of them are right.
func (v verdicts) kept() models.Kept {
	_, right := models.Tops(v.truth, v.p)
	n, hits := 0, 0
	for i, ok := range v.assessable {
		if ok {
			n++
			if right[i] {
				hits++
			}
		}
	}
	return models.Kept{Coverage: share(n, len(v.truth)), Accuracy: share(hits, n)}
}

// share is a/b, NaN of nothing.
func share(a, b int) float64 { return float64(a) / float64(b) }
