package season

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/data/sample"
)

// TestMain lets a test call this binary as a fresh process that runs one task
// from standard input.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PARUS_TASK_DIR"); dir != "" {
		var b bytes.Buffer
		if _, err := b.ReadFrom(os.Stdin); err != nil {
			panic(err)
		}
		if err := RunTask(context.Background(), b.Bytes(), Options{Out: dir, Workers: 1}); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// judged runs a sample county's season up to its predictions, in pure Go.
func judged(t *testing.T, opt sample.CountyOptions) (county string, p *plan, eng *engine) {
	t.Helper()
	ctx, county := context.Background(), t.TempDir()
	if err := sample.County(ctx, county, opt); err != nil {
		t.Fatal(err)
	}
	cfg, err := ReadConfig(filepath.Join(county, "county.toml"))
	if err != nil {
		t.Fatal(err)
	}
	run := Options{Out: t.TempDir(), Workers: 2, Progress: Silent{}}
	if p, err = newPlan(ctx, cfg, run); err != nil {
		t.Fatal(err)
	}
	if eng, err = newEngine(run); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(eng.close)
	if err := p.observe(ctx, eng, newStopwatch()); err != nil {
		t.Fatal(err)
	}
	if err := p.judge(ctx, eng, newStopwatch()); err != nil {
		t.Fatal(err)
	}
	return county, p, eng
}

// TestTasksRunInFreshProcesses makes every kind of file of the cache again, in
// a new process, from the JSON form of its task: the bytes are the same.
func TestTasksRunInFreshProcesses(t *testing.T) {
	ctx := context.Background()
	_, p, eng := judged(t, sample.CountyOptions{Seed: 4, Parcels: 60, Scenes: 8})
	out := p.opt.Out
	c := p.cells[0]
	for _, task := range []Task{c.ground, c.observed[len(c.observed)-1], c.series[0], c.predict[0]} {
		path := eng.cache.path(task.file())
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(task)
		if err != nil {
			t.Fatal(err)
		}
		fresh := exec.Command(os.Args[0])
		fresh.Env = append(os.Environ(), "PARUS_TASK_DIR="+out)
		fresh.Stdin = bytes.NewReader(b)
		if says, err := fresh.CombinedOutput(); err != nil {
			t.Fatalf("%s in a fresh process: %v\n%s", task.Stage, err, says)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: a fresh process made %d bytes that differ from the %d of the run", task.Stage, len(got), len(want))
		}
	}
	task := c.ground
	task.Cell = "elsewhere"
	b, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	if err := RunTask(ctx, b, p.opt); err == nil {
		t.Error("a task whose content does not fit its key ran")
	}
}
