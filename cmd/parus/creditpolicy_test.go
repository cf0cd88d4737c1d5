package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/scoring"
)

// A changed credit policy decides nothing until a second person released it;
// check, diff, explain and simulate show what it says and would do.
func TestChangingACreditPolicy(t *testing.T) {
	county, out := t.TempDir(), t.TempDir()
	parus(t, "sample", "county", "--out", county, "--seed", "12", "--parcels", "30", "--scenes", "4")
	policy := filepath.Join(county, "credit_policy.toml")
	parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", out)

	text := strings.Replace(string(scoring.DefaultCreditPolicy()), "cap_yuan = 300000", "cap_yuan = 1000", 1)
	old := filepath.Join(t.TempDir(), "old.toml")
	write(t, old, string(scoring.DefaultCreditPolicy()))
	write(t, policy, text)
	if said := parus(t, "credit-policy", "check", policy); !strings.Contains(said, "Not released") {
		t.Error(said)
	}
	if said := parus(t, "credit-policy", "diff", old, policy); !strings.Contains(said, "products.season.cap_yuan: 300000") || !strings.Contains(said, "1 values differ") {
		t.Error(said)
	}
	if said := parus(t, "credit-policy", "explain", policy, "--operator", "coop"); !strings.Contains(said, "products.season.cap_yuan = 1000 (line") {
		t.Error(said)
	}
	if said := parus(t, "credit-policy", "simulate", policy, "--run", out); !strings.Contains(said, "decisions would change") {
		t.Error(said)
	}
	run := []string{"season", "run", filepath.Join(county, "county.toml"), "--out", out}
	if said, err := command(run...).CombinedOutput(); err == nil || !strings.Contains(string(said), "is not released") {
		t.Errorf("%v %s", err, said)
	}
	parus(t, append(run, "--draft")...)
	write(t, policy, strings.Replace(text, "default_product", "author = \"lin\"\napproved_by = \"chen\"\napproved_on = \"2024-01-02\"\ndefault_product", 1))
	parus(t, run...)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
