package trial

import (
	"context"
	"fmt"
	"io"

	"github.com/parus-lending/parus/models"
)

// Comparison is two models on the same labelled rows.
type Comparison struct {
	Table      string
	Rows       int
	Unlabelled int // ids left out
	Rejected   int // rows of the table not used
	First      string
	Models     [2]string
	AsOther    [2]int
	Scores     [2]models.Scores
	Kept       [2]models.Kept
	BothKept   int     // rows assessable by both
	SameKept   int     // of these: named alike
	Only       [2]int  // rows only this one names rightly
	P          float64 // McNemar
}

// Compare measures two models on a labelled table. a and b are names, or paths
// of cards.
func (m Models) Compare(ctx context.Context, a, b, path string) (*Comparison, error) {
	rej := newRejects(path)
	rows, unlabelled, err := readLabelled(ctx, path, rej)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Table: path, Rows: len(rows), Unlabelled: unlabelled, Rejected: rej.count(), First: rej.first()}
	var right [2][]bool
	var said [2][]models.CropResult
	for i, spec := range []string{a, b} {
		x, err := m.classifier(spec, ".")
		if err != nil {
			return nil, err
		}
		if err := fits(x.card, path); err != nil {
			return nil, err
		}
		if said[i], err = x.classify(ctx, rows, wholeYear); err != nil {
			return nil, err
		}
		v := judge(x.card.Classes, rows, said[i])
		c.Models[i], c.AsOther[i], c.Scores[i], c.Kept[i] = x.card.Name+" "+x.card.Version, v.asOther, v.scores(), v.kept()
		_, right[i] = models.Tops(v.truth, v.p)
	}
	for i := range rows {
		if said[0][i].Assessable && said[1][i].Assessable {
			c.BothKept++
			if said[0][i].Crop == said[1][i].Crop {
				c.SameKept++
			}
		}
	}
	c.Only[0], c.Only[1], c.P = models.McNemar(right[0], right[1])
	return c, nil
}

// Write prints the comparison as Markdown.
func (c *Comparison) Write(w io.Writer) {
	fmt.Fprintf(w, "%d labelled ids of %s", c.Rows, c.Table)
	if c.Unlabelled > 0 {
		fmt.Fprintf(w, "; %d without a label are left out", c.Unlabelled)
	}
	if c.Rejected > 0 {
		fmt.Fprintf(w, "; %d rows could not be used, the first: %s", c.Rejected, c.First)
	}
	fmt.Fprint(w, "\n\n")
	t := markdown{head: []string{"", c.Models[0], c.Models[1], "points"}}
	both := func(name string, a, b float64) { t.add(name, a, b, points(b-a)) }
	a, b := c.Scores[0], c.Scores[1]
	both("OA", a.OA, b.OA)
	both("macro-F1", a.MacroF1, b.MacroF1)
	both("ECE", a.ECE, b.ECE)
	both("assessable", c.Kept[0].Coverage, c.Kept[1].Coverage)
	both("OA of these", c.Kept[0].Accuracy, c.Kept[1].Accuracy)
	t.add("only this one right", c.Only[0], c.Only[1], "")
	t.add("labels it has no name for", c.AsOther[0], c.AsOther[1], "")
	t.write(w)
	fmt.Fprintf(w, "McNemar's exact test of the rows that only one of them names rightly: p = %.2g. Where both are sure (%d rows) they agree in %s.\n\n", c.P, c.BothKept, num(share(c.SameKept, c.BothKept)))
	f1 := map[string]models.ClassScore{}
	for _, k := range b.Classes {
		f1[k.Class] = k
	}
	t = markdown{head: []string{"class", "rows", "F1 " + c.Models[0], "F1 " + c.Models[1]}}
	for _, k := range a.Classes {
		if k.Support > 0 {
			other := any("")
			if o, ok := f1[k.Class]; ok {
				other = o.F1
			}
			t.add(k.Class, k.Support, k.F1, other)
		}
	}
	t.write(w)
}
