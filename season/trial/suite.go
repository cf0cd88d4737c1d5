package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/models"
)

// Suite is what models are measured on: suite.json and the tables beside it.
// Training writes it (training/README.md); anyone may write one for regions of
// their own (docs/models.md).
type Suite struct {
	dir    string
	Splits []Split `json:"splits"`
	Lacks  string  `json:"lacks,omitempty"` // what a whole suite would measure too, and how to get it
}

// Split is one labelled table that the models named did not learn from.
type Split struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`               // blocks, region, year, mixture …: says which tables are made
	Table    string   `json:"table"`              // long table with a label
	Models   []string `json:"models"`             // names, or paths of cards
	Baseline string   `json:"baseline,omitempty"` // table id, p_CLASS …: what another classifier says of the same ids
	Familiar string   `json:"familiar,omitempty"` // labelled table of the regions that the models do know
	Note     string   `json:"note,omitempty"`     // what a reader must know
}

// OpenSuites reads the suites of several folders as one.
func OpenSuites(dirs ...string) (*Suite, error) {
	out := &Suite{dir: "."}
	var lacks []string
	for _, dir := range dirs {
		s, err := OpenSuite(dir)
		if err != nil {
			return nil, err
		}
		for _, sp := range s.Splits {
			for _, file := range []*string{&sp.Table, &sp.Baseline, &sp.Familiar} {
				if *file != "" {
					*file = s.path(*file)
				}
			}
			for i, m := range sp.Models {
				if filepath.Ext(m) == ".json" {
					sp.Models[i] = s.path(m)
				}
			}
			out.Splits = append(out.Splits, sp)
		}
		if s.Lacks != "" {
			lacks = append(lacks, s.Lacks)
		}
	}
	out.Lacks = strings.Join(lacks, " ")
	return out, nil
}

// OpenSuite reads DIR/suite.json.
func OpenSuite(dir string) (*Suite, error) {
	path := filepath.Join(dir, "suite.json")
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("evaluation suite: %w (`make -C training suite` makes it from the labelled series in some minutes, `make -C training` with the regions left out, after training; docs/models.md says how to write one)", err)
	}
	s := &Suite{dir: dir}
	dec := json.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("evaluation suite %s: %w", path, err)
	}
	if len(s.Splits) == 0 {
		return nil, fmt.Errorf("evaluation suite %s: it names no splits", path)
	}
	for i, sp := range s.Splits {
		if sp.Name == "" || sp.Kind == "" || sp.Table == "" || len(sp.Models) == 0 {
			return nil, fmt.Errorf("evaluation suite %s: split %d (%s) needs name, kind, table and models", path, i+1, sp.Name)
		}
	}
	return s, nil
}

// TableSuite is a suite of one table.
func TableSuite(path string, names []string) *Suite {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	return &Suite{dir: ".", Splits: []Split{{Name: name, Kind: "table", Table: path, Models: names}}}
}

func (s *Suite) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// baseline reads what another classifier says: id and a column p_CLASS for each
// class; classes it lacks have the probability 0.
func baseline(ctx context.Context, path string, rows []labelled) (*verdicts, []bool, error) {
	r, err := table.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	id := r.Find("id")
	var classes []string
	var at []int
	for i, c := range r.Columns() {
		if class, ok := strings.CutPrefix(c, "p_"); ok {
			classes, at = append(classes, class), append(at, i)
		}
	}
	if id < 0 || len(at) == 0 {
		return nil, nil, fmt.Errorf("baseline %s: it needs the column id and a column p_CLASS for each class", path)
	}
	found := map[string][]float64{}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		p := make([]float64, len(at))
		for k, i := range at {
			if row.Fault != "" {
				return nil, nil, fmt.Errorf("baseline %s, row %d: %s", path, row.Number, row.Fault)
			}
			if p[k], err = row.Cells[i].Float(); err != nil || p[k] != p[k] {
				return nil, nil, fmt.Errorf("baseline %s, row %d, column %s: %q is no probability", path, row.Number, r.Columns()[i], row.Cells[i].String())
			}
		}
		found[strings.TrimSpace(row.Cells[id].String())] = p
	}
	has := make([]bool, len(rows))
	var known []labelled
	var results []models.CropResult
	for i, l := range rows {
		if p, ok := found[l.id]; ok {
			has[i] = true
			known, results = append(known, l), append(results, models.CropResult{Probabilities: p, Assessable: true})
		}
	}
	if len(known) == 0 {
		return nil, nil, fmt.Errorf("baseline %s: none of its %d ids stands in the table", path, len(found))
	}
	v := judge(classes, known, results)
	return &v, has, nil
}

// wants reports whether a split's model is one of those asked for (none = all).
func wants(names []string, spec string, card *models.Card) bool {
	return len(names) == 0 || slices.Contains(names, spec) || slices.Contains(names, card.Name)
}
