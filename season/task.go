package season

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// Stages of the batch that run as tasks, in order.
const (
	stageGround  = "ground"  // a cell: ground that is bright or dark on most dates, told from cloud
	stageObserve = "observe" // a cell and a scene: statistics and growth per polygon
	stageDispute = "dispute" // a cell's polygons: looks on which SCL and time disagree, where there is a cloud network
	stageCloud   = "cloud"   // a cell and a scene: what the cloud network says of disputed looks
	stageSeries  = "series"  // a cell's polygons: regular series
	stagePredict = "predict" // a cell's polygons: cycles, crop, yield
)

// stageVersion enters every key. Raise a stage's number when its output
// changes for the same input (a golden test fails when that is forgotten).
var stageVersion = map[string]int{stageGround: 3, stageObserve: 4, stageDispute: 1, stageCloud: 1, stageSeries: 7, stagePredict: 9}

// Task makes one file of the cache. It is a value: its JSON form runs in a
// fresh process that sees the run's folder and the imagery, nothing else.
type Task struct {
	Stage string `json:"stage"`
	// Key is the hash of everything the task reads and of its parameters.
	Key string `json:"key"`
	// Cell is its place: EPSG, tile, column and row.
	Cell string `json:"cell"`
	// Land names the cache file with the cell's polygons.
	Land string `json:"land"`
	// First and Count choose polygons of the land file (series, predict).
	First int `json:"first,omitempty"`
	Count int `json:"count,omitempty"`
	// Scenes are the scenes it reads: all of the cell (ground) or one (observe).
	Scenes []raster.Scene `json:"scenes,omitempty"`
	// Inputs name the cache files of earlier stages that it reads.
	Inputs []string `json:"inputs,omitempty"`
	// Votes name the files of what the cloud network said (series).
	Votes []string `json:"votes,omitempty"`
	// Facts names the cache file with the records that predict needs.
	Facts string `json:"facts,omitempty"`
	// Axis is the span of the series, days.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Models are the networks it runs, name → sha256; Runtime what runs them.
	Models  map[string]string `json:"models,omitempty"`
	Runtime string            `json:"runtime,omitempty"`
}

var extension = map[string]string{stageGround: "ground", stageObserve: "parquet", stageDispute: "json", stageCloud: "parquet", stageSeries: "parquet", stagePredict: "parquet"}

// file is the name of the task's output in the cache.
func (t Task) file() string { return t.Stage + "-" + t.Key + "." + extension[t.Stage] }

// partial is its name where some blocks could not be read: it is used by this
// run and counts as missing at the next.
func (t Task) partial() string { return t.Stage + "-" + t.Key + ".partial." + extension[t.Stage] }

// seal fills the key: the stage's version and the whole task but for hrefs that
// fingerprints already cover.
func (t Task) seal() Task {
	t.Key = ""
	t.Key = keyOf(stageVersion[t.Stage], t)
	return t
}

// keyOf hashes the JSON form of its arguments.
func keyOf(parts ...any) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, p := range parts {
		if err := enc.Encode(p); err != nil {
			panic(fmt.Sprintf("cache key of %T: %v", p, err)) // only plain data types are passed
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

// footer is what a cache file says beside its rows: a resumed run reports what
// an undisturbed one would.
type footer struct {
	Warnings []rundir.Warning `json:"warnings,omitempty"`
	Partial  bool             `json:"partial,omitempty"`
	Squares  int              `json:"squares,omitempty"` // that a cloud network judged
}

const footerKey = "parus"

// cache is the folder of a run's intermediate files.
type cache string

func (c cache) path(name string) string { return filepath.Join(string(c), name) }

func (c cache) has(name string) bool {
	_, err := os.Stat(c.path(name))
	return err == nil
}

// find returns the name under which the task's output lies, whole or partial.
func (c cache) find(t Task) (string, error) {
	for _, name := range []string{t.file(), t.partial()} {
		if c.has(name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s of cell %s: its file %s is not in the cache %s: was it deleted during the run?", t.Stage, t.Cell, t.file(), c)
}

// putJSON stores a value under a name that is its content's hash.
func (c cache) putJSON(kind string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	name := kind + "-" + hex.EncodeToString(sum[:12]) + ".json"
	if c.has(name) {
		return name, nil
	}
	return name, writeBytes(c.path(name), b)
}

func (c cache) getJSON(name string, v any) error {
	b, err := os.ReadFile(c.path(name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("cache file %s: %w (delete it and run again)", name, err)
	}
	return nil
}

// RunTask runs one task from its JSON form in the folder of a run.
func RunTask(ctx context.Context, taskJSON []byte, opt Options) error {
	var t Task
	if err := json.Unmarshal(taskJSON, &t); err != nil {
		return fmt.Errorf("read task: %w", err)
	}
	if want := t.seal().Key; want != t.Key {
		return fmt.Errorf("task %s of cell %s: its key %s does not fit its content (%s): it was edited, or made by another version of Parus", t.Stage, t.Cell, t.Key, want)
	}
	eng, err := newEngine(opt)
	if err != nil {
		return err
	}
	defer eng.close()
	return eng.doOne(ctx, t)
}
