package season

import (
	"encoding/json"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// TestTaskComesBackFromJSON: a task is a value; its key covers all of it.
func TestTaskComesBackFromJSON(t *testing.T) {
	t1 := Task{Stage: stageObserve, Cell: "50SMB_000_001", Land: "land-1.json", Inputs: []string{"bright-2.json"},
		Scenes: []raster.Scene{{ID: "S2A", Assets: map[raster.Band]raster.Asset{raster.B04: {Href: "/x/B04.tif", Size: 7, ETag: "e"}}, Settled: raster.Offset{DN0: -1000}}},
		Models: map[string]string{"lai": "aa"}, Runtime: "onnx-go"}.seal()
	b, err := json.Marshal(t1)
	if err != nil {
		t.Fatal(err)
	}
	var t2 Task
	if err := json.Unmarshal(b, &t2); err != nil {
		t.Fatal(err)
	}
	if got := t2.seal().Key; got != t1.Key {
		t.Errorf("key after JSON is %s, was %s", got, t1.Key)
	}
	for what, change := range map[string]func(*Task){
		"the polygons":       func(t *Task) { t.Land = "land-2.json" },
		"the ground":         func(t *Task) { t.Inputs = []string{"bright-3.json"} },
		"the offset":         func(t *Task) { t.Scenes[0].Settled.DN0 = 0 },
		"a model":            func(t *Task) { t.Models = map[string]string{"lai": "bb"} },
		"the runtime":        func(t *Task) { t.Runtime = "onnxruntime 1.30.0" },
		"an asset's content": func(t *Task) { t.Scenes[0].Assets[raster.B04] = raster.Asset{Href: "/x/B04.tif", Size: 7, ETag: "f"} },
	} {
		var t3 Task
		if err := json.Unmarshal(b, &t3); err != nil {
			t.Fatal(err)
		}
		change(&t3)
		if t3.seal().Key == t1.Key {
			t.Errorf("the key does not change with %s", what)
		}
	}
}

// TestShownCycle: the map shows the cycle as-of falls in, else the latest.
func TestShownCycle(t *testing.T) {
	got := shownCycles([]rundir.Cycle{
		{ParcelID: "a", Cycle: 1, Complete: true}, {ParcelID: "a", Cycle: 2, Current: true}, {ParcelID: "a", Cycle: 3},
		{ParcelID: "b", Cycle: 1, Complete: true}, {ParcelID: "b", Cycle: 2, Complete: true},
	})
	if got["a"].Cycle != 2 || got["b"].Cycle != 2 {
		t.Errorf("shown cycles are %d and %d, want 2 and 2", got["a"].Cycle, got["b"].Cycle)
	}
}
