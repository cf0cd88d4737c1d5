package season

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/sample"
)

var update = flag.Bool("update", false, "write testdata/stages.json anew")

// golden says what each stage gave for one small sample county.
type golden struct {
	Input  string            `json:"input"`  // hash of the county's imagery and records
	Stages map[string]string `json:"stages"` // stage → "version digest" of its numbers, rounded to 5 digits
}

// TestStageOutputNeedsItsVersion fails when a stage gives other numbers for the
// same input while its version, which enters the cache's keys, stays: users'
// caches would go on with the old ones.
func TestStageOutputNeedsItsVersion(t *testing.T) {
	county, p, eng := judged(t, sample.CountyOptions{Seed: 9, Parcels: 80, Scenes: 12})
	got := golden{Input: inputHash(t, county), Stages: map[string]string{}}
	c := p.cells[0]
	ground, _, err := loadGround(eng.cache, c.ground)
	if err != nil {
		t.Fatal(err)
	}
	got.note(stageGround, []any{ground.Bits})
	var obs []rundir.Observation
	for _, task := range c.observed {
		obs = append(obs, rowsOf[rundir.Observation](t, eng, task)...)
	}
	got.note(stageObserve, anys(obs))
	got.note(stageSeries, anys(rowsOf[rundir.SeriesRow](t, eng, c.series[0])))
	got.note(stagePredict, anys(rowsOf[rundir.Cycle](t, eng, c.predict[0])))

	const path = "testdata/stages.json"
	if *update {
		b, err := json.MarshalIndent(got, "", " ")
		if err == nil {
			err = os.WriteFile(path, append(b, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var want golden
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	const how = "then go test ./season -run StageOutput -update"
	if got.Input != want.Input {
		t.Fatalf("the sample county changed, so its stages cannot be compared: %s", how)
	}
	for _, stage := range []string{stageGround, stageObserve, stageSeries, stagePredict} {
		if got.Stages[stage] == want.Stages[stage] {
			continue
		}
		if got.Stages[stage][:2] == want.Stages[stage][:2] {
			t.Errorf("%s gives other numbers for the same input: raise stageVersion[%q] in task.go, %s", stage, stage, how)
		} else {
			t.Errorf("%s has a new version: %s", stage, how)
		}
	}
}

func rowsOf[T any](t *testing.T, e *engine, task Task) []T {
	t.Helper()
	rows, err := rundir.ReadParquet[T](e.cache.path(task.file()))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func anys[T any](rows []T) []any {
	out := make([]any, len(rows))
	for i, r := range rows {
		out[i] = r
	}
	return out
}

// note digests rows with their numbers rounded, so that another processor's
// last bits do not matter.
func (g *golden) note(stage string, rows []any) {
	h := sha256.New()
	for _, r := range rows {
		v := reflect.ValueOf(r)
		if v.Kind() != reflect.Struct {
			fmt.Fprint(h, r, "\n")
			continue
		}
		for i := range v.NumField() {
			f := v.Field(i)
			if f.Kind() == reflect.Pointer {
				if f.IsNil() {
					fmt.Fprint(h, "-|")
					continue
				}
				f = f.Elem()
			}
			if f.Kind() == reflect.Float64 {
				fmt.Fprintf(h, "%.5f|", math.Round(f.Float()*1e5)/1e5+0)
				continue
			}
			fmt.Fprint(h, f.Interface(), "|")
		}
		fmt.Fprint(h, "\n")
	}
	g.Stages[stage] = fmt.Sprintf("%d %s", stageVersion[stage], hex.EncodeToString(h.Sum(nil)[:8]))
}

// inputHash covers every file of the county but the credit policy, which
// enters no key before decide.
func inputHash(t *testing.T, dir string) string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "credit_policy.toml" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(files)
	h := sha256.New()
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(h, "%s %x\n", filepath.Base(f), sha256.Sum256(b))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
