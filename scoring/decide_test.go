package scoring

import (
	"strings"
	"testing"
)

func decideAnna(t *testing.T, cp *CreditPolicy, change func(*CountyEvidence)) Decision {
	t.Helper()
	ev := county()
	change(ev)
	_, ds := decideAll(ev, cp)
	for _, d := range ds {
		if d.GrowerID == "anna" {
			return d
		}
	}
	t.Fatal("anna was not decided")
	return Decision{}
}

func TestIDChangesWithWhatADecisionRestsOn(t *testing.T) {
	cp := defaults(t)
	same := decideAnna(t, cp, func(*CountyEvidence) {})
	seen := map[string]string{same.ID: "clean"}
	for name, change := range map[string]func(*CountyEvidence){
		"a yield":     func(ev *CountyEvidence) { ev.plot("plot-a").Cycles[0].YieldP90++ },
		"a model":     func(ev *CountyEvidence) { ev.Models["crop-small"] = "1.0.1" },
		"a debt":      func(ev *CountyEvidence) { ev.Records.Debts[0].Outstanding++ },
		"as-of":       func(ev *CountyEvidence) { ev.AsOf = ev.AsOf.Add(1) },
		"a statistic": func(ev *CountyEvidence) { ev.Records.Statistics[0].Yield++ },
	} {
		d := decideAnna(t, cp, change)
		if other, twice := seen[d.ID]; twice {
			t.Errorf("%s and %s have the same ID", name, other)
		}
		seen[d.ID] = name
	}
	other, err := ParseCreditPolicy([]byte(strings.Replace(string(DefaultCreditPolicy()), "cap_yuan = 300000", "cap_yuan = 300001", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if d := decideAnna(t, other, func(*CountyEvidence) {}); d.ID == same.ID || d.CreditPolicy == same.CreditPolicy {
		t.Error("another credit policy has the same ID")
	}
	for name, change := range map[string]func(*CountyEvidence){
		"a neighbour's yield": func(ev *CountyEvidence) { ev.plot("plot-b").Cycles[0].YieldP25-- },
		"a record received after as-of": func(ev *CountyEvidence) {
			late := ev.Records.Debts[0]
			late.Received, late.DebtID = ev.AsOf.Add(1), "late"
			ev.Records.Debts = append(ev.Records.Debts, late)
		},
	} {
		if d := decideAnna(t, cp, change); d.ID != same.ID {
			t.Errorf("%s changes anna's decision", name)
		}
	}
}

func TestWithoutRosterEveryGrowerWithPlotsIsDecided(t *testing.T) {
	ev := county()
	ev.Records.Roster = nil
	ev.Records.Feeds["roster"] = FeedState{}
	_, ds := decideAll(ev, defaults(t))
	if len(ds) != 2 || ds[0].GrowerID != "anna" || ds[1].GrowerID != "bert" {
		t.Fatalf("%d decisions", len(ds))
	}
	if ds[0].Outcome != Refer || ds[0].Reasons[0].Code != "FEED_MISSING" || !strings.Contains(ds[0].Reasons[0].EN, "roster") {
		t.Errorf("%s %v", ds[0].Outcome, ds[0].Reasons)
	}
}

func TestWarningsAddUpToAPerson(t *testing.T) {
	cp := defaults(t)
	warn := func(n int) func(*CountyEvidence) {
		return func(ev *CountyEvidence) {
			for i := range n {
				ev.Overlaps = append(ev.Overlaps, Overlap{A: "p1", B: "p3", Area: Area(700_00 + i)})
			}
		}
	}
	if d := decideAnna(t, cp, warn(2)); d.Outcome != Admit {
		t.Errorf("2 warnings: %s", d.Outcome)
	}
	if d := decideAnna(t, cp, warn(3)); d.Outcome != Refer || d.Reasons[0].Code != "TOO_MANY_WARNINGS" {
		t.Errorf("3 warnings: %s %v", d.Outcome, d.Reasons)
	}
}

func TestScoreCutOffs(t *testing.T) {
	// The clean county's anna has 90 points: 14 land, 16 tenure, 27 subsidy, 20
	// insured, 8 history, 5 growth, 0 debt (read off default_policy.toml).
	for _, c := range []struct{ admit, decline, want string }{
		{"90", "25", Admit}, {"91", "25", Refer}, {"95", "91", Decline},
	} {
		b := strings.Replace(string(DefaultCreditPolicy()), "admit = 55", "admit = "+c.admit, 1)
		cp, err := ParseCreditPolicy([]byte(strings.Replace(b, "decline = 25", "decline = "+c.decline, 1)))
		if err != nil {
			t.Fatal(err)
		}
		d := decideAnna(t, cp, func(*CountyEvidence) {})
		if d.Outcome != c.want {
			t.Errorf("admit %s, decline below %s: %s, want %s", c.admit, c.decline, d.Outcome, c.want)
		}
		for _, r := range d.Reasons {
			if r.Code == "SCORE_LOW" {
				t.Error("a low score is no reason")
			}
		}
		// A thin file is never declined by points alone.
		thin := decideAnna(t, cp, func(ev *CountyEvidence) {
			ev.Records.Policies, ev.Records.Feeds["policies"] = nil, FeedState{}
		})
		if thin.Outcome == Decline {
			t.Errorf("declined for a feed that is missing")
		}
	}
}

func TestMissingWantedFeedLowersNoLimit(t *testing.T) {
	cp := defaults(t)
	full := decideAnna(t, cp, func(*CountyEvidence) {})
	for _, feed := range []string{"policies", "subsidies", "debts", "declarations"} {
		d := decideAnna(t, cp, func(ev *CountyEvidence) {
			r := &ev.Records
			switch feed {
			case "policies":
				r.Policies = nil
			case "subsidies":
				r.Subsidies = nil
			case "debts":
				r.Debts = nil
			case "declarations":
				r.Declarations = nil
			}
			r.Feeds[feed] = FeedState{}
		})
		if d.Limit < full.Limit {
			t.Errorf("without %s the limit falls from %s to %s", feed, Yuan(full.Limit), Yuan(d.Limit))
		}
	}
}

func TestQuotaBinds(t *testing.T) {
	b := strings.Replace(string(DefaultCreditPolicy()), "applies = false\ntotal_yuan = 0\nused_yuan = 0", "applies = true\ntotal_yuan = 5000\nused_yuan = 2450.5", 1)
	cp, err := ParseCreditPolicy([]byte(b))
	if err != nil {
		t.Fatal(err)
	}
	// 5,000 − 2,450.50 = 2,549.50 → 2,500, less than the need of 3,562.65.
	if d := decideAnna(t, cp, func(*CountyEvidence) {}); d.Limit != 2500_00 || d.Binding != "quota" {
		t.Errorf("%s by %s", Yuan(d.Limit), d.Binding)
	}
}

func TestCreditPolicyOutOfForceRefers(t *testing.T) {
	b := strings.Replace(string(DefaultCreditPolicy()), `effective_to = ""`, `effective_to = "2024-05-19"`, 1)
	cp, err := ParseCreditPolicy([]byte(b))
	if err != nil {
		t.Fatal(err)
	}
	if d := decideAnna(t, cp, func(*CountyEvidence) {}); d.Outcome != Refer || d.Reasons[0].Code != "CREDIT_POLICY_NOT_EFFECTIVE" {
		t.Errorf("%s %v", d.Outcome, d.Reasons)
	}
}

func TestReasonsAreFewAndInBothLanguages(t *testing.T) {
	cp := defaults(t)
	for seed := range int64(4) {
		_, ds := decideAll(anyCounty(seed, growers), cp)
		for _, d := range ds {
			if len(d.Reasons) == 0 || len(d.Reasons) > 4 {
				t.Errorf("%s %s: %d reasons", d.GrowerID, d.Outcome, len(d.Reasons))
			}
			for _, r := range d.Reasons {
				if r.EN == "" || r.ZH == "" || r.EN == r.Code {
					t.Errorf("reason %q has no text", r.Code)
				}
			}
			if d.Limit%10_000 != 0 || d.Limit < 0 || (d.Outcome == Decline || d.Outcome == NotAssessable) && d.Limit != 0 {
				t.Errorf("%s %s: limit %s", d.GrowerID, d.Outcome, Yuan(d.Limit))
			}
		}
	}
}

func BenchmarkCounty1000Growers(b *testing.B) {
	cp := defaults(b)
	ev := anyCounty(1, 1000)
	for b.Loop() {
		decideAll(ev, cp)
	}
}

// At planting nothing may have been seen clear yet: a large plot is not called
// small for that.
func TestNoClearLookYet(t *testing.T) {
	cp := defaults(t)
	unseen := func(asOf string, area Area) Decision {
		return decideAnna(t, cp, func(ev *CountyEvidence) {
			ev.AsOf = day(asOf)
			p := ev.plot("plot-a")
			p.InsidePixels, p.ClearDates, p.Assessable, p.Reason, p.Vegetated, p.Cycles = 0, 0, false, "too_few_pixels", false, nil
			p.Area = area
		})
	}
	if d := unseen("2024-01-10", 18000_00); d.Outcome != Admit || d.RestsOn != restsHistory {
		t.Errorf("large, at planting: %s %v", d.Outcome, d.Reasons)
	}
	if d := unseen("2024-05-20", 18000_00); d.Outcome != NotAssessable || d.Reasons[0].Code != "TOO_FEW_DATES" {
		t.Errorf("large, mid-season: %s %v", d.Outcome, d.Reasons)
	}
	if d := unseen("2024-01-10", 299_00); d.Outcome != NotAssessable || d.Reasons[0].Code != "TOO_FEW_PIXELS" {
		t.Errorf("small: %s %v", d.Outcome, d.Reasons)
	}
}
