package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// Every decision of a run is made again from the run's folder alone, though the
// county's files are gone; another credit policy shows what it would move.
func TestReplayOfARun(t *testing.T) {
	county := t.TempDir()
	parus(t, "sample", "county", "--out", county, "--seed", "11", "--parcels", "40", "--scenes", "6")
	out := t.TempDir()
	parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", out, "--as-of", "2024-07-15")
	if err := os.RemoveAll(county); err != nil {
		t.Fatal(err)
	}
	ds, err := rundir.ReadDecisions(out)
	if err != nil || len(ds) < 5 {
		t.Fatalf("%d decisions, %v", len(ds), err)
	}
	for _, d := range ds[:5] {
		c := command("replay", d.DecisionID, "--run", out)
		got, err := c.Output()
		if err != nil {
			t.Fatalf("replay %s: %v", d.DecisionID, err)
		}
		want, _ := json.Marshal(d)
		var a, b any
		if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil {
			t.Fatalf("not JSON: %s", got)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if !bytes.Equal(x, y) {
			t.Errorf("replay of %s\n%s\nstored\n%s", d.DecisionID, x, y)
		}
	}
	policy := filepath.Join(t.TempDir(), "tighter.toml")
	tighter := strings.Replace(string(scoring.DefaultCreditPolicy()), "financed_share_percent = 70", "financed_share_percent = 35", 1)
	if err := os.WriteFile(policy, []byte(tighter), 0o644); err != nil {
		t.Fatal(err)
	}
	said := parus(t, "replay", "--credit-policy", policy, "--run", filepath.Dir(out), "--season", "2024")
	if !strings.Contains(said, "decisions would change") || strings.Contains(said, " 0 of ") {
		t.Errorf("back-test said %s", said)
	}
}
