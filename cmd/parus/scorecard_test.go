package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/scoring"
)

// A card fitted on a table of loans goes into a credit policy as it is.
func TestScorecardFit(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	var b strings.Builder
	b.WriteString("land_mu,debt_percent,bad,kind,later\n")
	for range 3000 {
		land, debt := r.Intn(100), r.Intn(150)
		bad := 0
		if r.Float64() < 1/(1+math.Exp(1.5+0.03*float64(land)-0.02*float64(debt))) {
			bad = 1
		}
		fmt.Fprintf(&b, "%d,%d,%d,%s,%d\n", land, debt, bad, []string{"household", "coop"}[r.Intn(2)], r.Intn(2))
	}
	dir := t.TempDir()
	in, card := filepath.Join(dir, "loans.csv"), filepath.Join(dir, "card.toml")
	write(t, in, b.String())
	said := parus(t, "scorecard", "fit", "--in", in, "--group", "kind", "--later", "later", "--out", card)
	for _, want := range []string{"KS 0.", "AUC 0.", "Population stability index", "information value", "household", "coop"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	text, err := os.ReadFile(card)
	if err != nil {
		t.Fatal(err)
	}
	policy := string(scoring.DefaultCreditPolicy())
	from, to := strings.Index(policy, "[scorecard]"), strings.Index(policy, "[crops.")
	cp, err := scoring.ParseCreditPolicy([]byte(policy[:from] + string(text) + "\n" + policy[to:]))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(cp.Scorecard.Items) != 2 || len(cp.Scorecard.PD) < 5 {
		t.Errorf("%+v", cp.Scorecard)
	}
	if out, err := command("scorecard", "fit", "--in", in, "--bad", "kind").CombinedOutput(); err == nil || !strings.Contains(string(out), "row 2, column kind") {
		t.Errorf("%v %s", err, out)
	}
}
