package scoring

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/golden again from the cases in this file")

// byHand is what testdata/golden/README.md works out on paper for one grower.
// It is never written from the code's own answer.
type byHand struct {
	Outcome  string `json:"outcome"`
	Limit    Fen    `json:"limit_fen"`
	Binding  string `json:"binding,omitempty"`
	Gross    Fen    `json:"binding_gross_fen,omitempty"`
	Used     Fen    `json:"binding_used_fen,omitempty"`
	TenorEnd string `json:"tenor_end,omitempty"`
	RestsOn  string `json:"rests_on,omitempty"`
	Reason   string `json:"first_reason"`
}

type golden struct {
	Note      string            `json:"note"`
	Policy    [][2]string       `json:"policy,omitempty"` // what is replaced in credit_policy.toml
	ByHand    map[string]byHand `json:"by_hand"`
	Also      map[string]string `json:"also_by_hand,omitempty"` // tranches, raises, extensions of anna, as alsoOf writes them
	Evidence  *CountyEvidence   `json:"evidence"`
	Decisions []Decision        `json:"decisions"`
}

func goldenPolicy(t testing.TB, changes [][2]string) *CreditPolicy {
	t.Helper()
	b, err := os.ReadFile("testdata/golden/credit_policy.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		changed := bytes.Replace(b, []byte(c[0]), []byte(c[1]), 1)
		if bytes.Equal(changed, b) {
			t.Fatalf("nothing to replace: %q", c[0])
		}
		b = changed
	}
	cp, err := ParseCreditPolicy(b)
	if err != nil {
		t.Fatal(err)
	}
	return cp
}

func TestGoldenDecisions(t *testing.T) {
	if *update {
		for name, c := range goldenCases() {
			cp := goldenPolicy(t, c.Policy)
			c.Decisions = Decide(c.Evidence, cp, CrossCheck(c.Evidence, cp))
			b, err := json.MarshalIndent(c, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join("testdata/golden", name+".json"), append(b, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(files) != len(goldenCases()) {
		t.Fatalf("%d golden files, %d cases (%v)", len(files), len(goldenCases()), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var g golden
			if err := json.Unmarshal(b, &g); err != nil {
				t.Fatal(err)
			}
			cp := goldenPolicy(t, g.Policy)
			got := Decide(g.Evidence, cp, CrossCheck(g.Evidence, cp))
			have, _ := json.MarshalIndent(got, "", " ")
			want, _ := json.MarshalIndent(g.Decisions, "", " ")
			if !bytes.Equal(have, want) {
				t.Errorf("decisions differ from the file: if that is meant, raise Version and run with -update\n%s", have)
			}
			checked := 0
			for _, d := range got {
				h, ok := g.ByHand[d.GrowerID]
				if !ok {
					continue
				}
				checked++
				compareByHand(t, d, h)
				for what, want := range g.Also {
					if got := alsoOf(d)[what]; d.GrowerID == "anna" && got != want {
						t.Errorf("%s: %q, by hand %q", what, got, want)
					}
				}
			}
			if checked != len(g.ByHand) || checked == 0 {
				t.Errorf("%d of %d growers worked out by hand were decided", checked, len(g.ByHand))
			}
		})
	}
}

func compareByHand(t *testing.T, d Decision, h byHand) {
	t.Helper()
	first := ""
	if len(d.Reasons) > 0 {
		first = d.Reasons[0].Code
	}
	if d.Outcome != h.Outcome || d.Limit != h.Limit || first != h.Reason {
		t.Errorf("%s: %s %s because %s; by hand %s %s because %s", d.GrowerID, d.Outcome, Yuan(d.Limit), first, h.Outcome, Yuan(h.Limit), h.Reason)
	}
	if h.Binding != "" && d.Binding != h.Binding || h.TenorEnd != "" && d.TenorEnd.String() != h.TenorEnd || h.RestsOn != "" && d.RestsOn != h.RestsOn {
		t.Errorf("%s: bound by %s until %s, rests on %s; by hand %s, %s, %s", d.GrowerID, d.Binding, d.TenorEnd, d.RestsOn, h.Binding, h.TenorEnd, h.RestsOn)
	}
	for _, c := range d.Constraints {
		if c.Name == h.Binding && (c.Gross != h.Gross || c.Used != h.Used) {
			t.Errorf("%s: %s is %s less %s; by hand %s less %s", d.GrowerID, c.Name, Yuan(c.Gross), Yuan(c.Used), Yuan(h.Gross), Yuan(h.Used))
		}
	}
}

// alsoOf writes in short what a decision says beside its limit.
func alsoOf(d Decision) map[string]string {
	var tranches, raises, extensions []string
	for _, t := range d.Tranches {
		tranches = append(tranches, fmt.Sprintf("%s %s from %s, %s, released %t", t.Stage, Yuan(t.Amount), t.From, t.Condition, t.Released))
	}
	for _, r := range d.Raises {
		raises = append(raises, fmt.Sprintf("%s +%s", r.Code, Yuan(r.By)))
	}
	for _, e := range d.Extensions {
		extensions = append(extensions, fmt.Sprintf("%s %s to %s", e.DebtID, e.Due, e.NewDue))
	}
	return map[string]string{"tranches": strings.Join(tranches, "; "), "raises": strings.Join(raises, "; "), "extensions": strings.Join(extensions, "; ")}
}

// Every outcome, every binding constraint and every reason that is no finding
// stands in a golden file.
func TestGoldenFilesCoverEveryRule(t *testing.T) {
	wanted := map[string]bool{"outcome " + Admit: false, "outcome " + Refer: false, "outcome " + Decline: false, "outcome " + NotAssessable: false}
	for _, c := range []string{"need", "capacity", "insured", "cap", "quota"} {
		wanted["admitted, bound by "+c] = false
	}
	for code := range reasonTexts {
		wanted["reason "+code] = false
	}
	for _, what := range []string{"tranches", "raises", "extensions"} {
		wanted[what+" by hand"] = false
	}
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(b, &g); err != nil {
			t.Fatal(err)
		}
		for what := range g.Also {
			wanted[what+" by hand"] = true
		}
		for _, d := range g.Decisions {
			if _, worked := g.ByHand[d.GrowerID]; !worked {
				continue
			}
			wanted["outcome "+d.Outcome] = true
			if d.Outcome == Admit {
				wanted["admitted, bound by "+d.Binding] = true
			}
			for _, r := range d.Reasons {
				wanted["reason "+r.Code] = true
			}
		}
	}
	for what, there := range wanted {
		if !there {
			t.Errorf("no golden file has %s", what)
		}
	}
}
