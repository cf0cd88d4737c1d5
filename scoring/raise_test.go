package scoring

import (
	"strings"
	"testing"
)

func policyWith(t testing.TB, changes ...string) *CreditPolicy {
	t.Helper()
	text := string(DefaultCreditPolicy())
	for i := 0; i < len(changes); i += 2 {
		next := strings.Replace(text, changes[i], changes[i+1], 1)
		if next == text {
			t.Fatalf("nothing to replace: %q", changes[i])
		}
		text = next
	}
	cp, err := ParseCreditPolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return cp
}

func TestWhatWouldRaiseTheLimit(t *testing.T) {
	// By hand: 15 of 27 mu are insured at ¥600, of which 80 % may be pledged:
	// 7,200 less 4,000 pledged = 3,200. With 12 mu more 12,960 − 4,000 = 8,960,
	// so the need binds: 4,071.60 → 4,000, that is +800. With the pledge released
	// 7,200 > 4,071.60: the same +800.
	d := decideAnna(t, defaults(t), func(ev *CountyEvidence) {
		ev.Records.Roster[0].Product = "insured_season"
		ev.Records.Policies[0].Area, ev.Records.Policies[0].Pledged = 10000_00, 4000_00
	})
	if d.Limit != 3200_00 || d.Binding != "insured" || len(d.Raises) != 2 {
		t.Fatalf("%s by %s, raises %+v", Yuan(d.Limit), d.Binding, d.Raises)
	}
	if r := d.Raises[1]; r.Code != "INSURE_MORE" || r.EN != "Insure 12.00 mu more of winter_wheat: +¥800.00" || r.ZH != "冬小麦增保12.00 亩，额度增加¥800.00" || r.Limit != 4000_00 {
		t.Errorf("%+v", r)
	}
	if r := d.Raises[0]; r.Code != "RELEASE_COVER" || r.Amount != 4000_00 || r.By != 800_00 {
		t.Errorf("%+v", r)
	}
	// A loan of ¥1,000 already drawn: repaid, 3,562.65 → 3,500 instead of 2,500.
	d = decideAnna(t, defaults(t), func(ev *CountyEvidence) {
		ev.Records.Roster[0].DeclaredDebt = 6000_00
		ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-1", Purpose: "production", Season: "2024", Outstanding: 1000_00, Due: day("2024-08-01")})
	})
	if len(d.Raises) != 1 || d.Raises[0].Code != "REPAY_DRAWN" || d.Raises[0].By != 1000_00 {
		t.Errorf("%+v", d.Raises)
	}
	if d = decideAnna(t, defaults(t), func(*CountyEvidence) {}); len(d.Raises) != 0 {
		t.Errorf("nothing is used: nothing to repay: %+v", d.Raises)
	}
}

func TestSchedules(t *testing.T) {
	// 3,500 × 6.5 % × 83 days (20 May to 11 August) / 365 = 51.7328… → 51.73.
	d := decideAnna(t, defaults(t), func(*CountyEvidence) {})
	if len(d.Schedule) != 1 || d.Schedule[0] != (Payment{day("2024-08-11"), 3500_00, 51_73}) {
		t.Errorf("bullet: %+v", d.Schedule)
	}
	// Interest every 30 days: 3,500 × 6.5 % × 30 / 365 = 18.6986… → 18.70, twice;
	// the last 23 days 14.3356… → 14.34.
	d = decideAnna(t, policyWith(t, "insured_applies = false", "schedule = \"moratorium\"\ninterest_days = 30\ninsured_applies = false"), func(*CountyEvidence) {})
	want := []Payment{{day("2024-06-19"), 0, 18_70}, {day("2024-07-19"), 0, 18_70}, {day("2024-08-11"), 3500_00, 14_34}}
	if len(d.Schedule) != 3 || d.Schedule[0] != want[0] || d.Schedule[1] != want[1] || d.Schedule[2] != want[2] {
		t.Errorf("moratorium: %+v", d.Schedule)
	}
}

func TestTranchesWaitForPlanting(t *testing.T) {
	cp := policyWith(t, "insured_applies = false", "schedule = \"tranches\"\ninsured_applies = false")
	// At planting 23 and 29 % of the cost are to come: 6,300 × 23/52 = 2,786.5 →
	// 2,700, the rest 3,600 from 11 May, when the crop has been seen to rise.
	at := func(asOf string, seen bool) []Tranche {
		return decideAnna(t, cp, func(ev *CountyEvidence) {
			ev.AsOf = day(asOf)
			for i := range ev.Plots {
				if !seen {
					ev.Plots[i].Cycles, ev.Plots[i].Vegetated = nil, false
				}
			}
		}).Tranches
	}
	got := at("2024-01-10", false)
	want := []Tranche{{got[0].Stage, day("2024-01-10"), 2700_00, "none", true}, {got[1].Stage, day("2024-05-11"), 3600_00, "PLANTING_SEEN", false}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
	// By 20 May a canopy would have been seen: the last stage waits for it.
	for rise, released := range map[Prob]bool{0: true, 1499: false, 1500: true} { // 0 = FAPAR is not known, a cycle will do
		got := decideAnna(t, cp, func(ev *CountyEvidence) { ev.plot("plot-a").Cycles[0].FAPARRise = rise }).Tranches
		if len(got) != 1 || got[0].Released != released || got[0].Condition != "PLANTING_SEEN" || got[0].Amount != 3500_00 {
			t.Errorf("FAPAR has risen by %s: %+v", Percent(rise), got)
		}
	}
}

func TestTemporaryLimit(t *testing.T) {
	d := decideAnna(t, defaults(t), func(*CountyEvidence) {})
	r := TemporaryRaise{RequestID: "r1", DecisionID: d.ID, Amount: 500_00, From: day("2024-06-01"), To: day("2024-06-10"), AskedBy: "lin", ApprovedBy: "chen"}
	on := func(when string, most Prob, rs ...TemporaryRaise) Fen {
		f, err := TemporaryLimit(d, rs, most, day(when))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	// 3,500 + 500; the same request twice is one; outside its days nothing; at
	// most 10 % of the limit: 3,850.
	if a, b, c, e := on("2024-06-01", 5000, r), on("2024-06-10", 5000, r, r), on("2024-06-11", 5000, r), on("2024-06-05", 1000, r); a != 4000_00 || b != a || c != 3500_00 || e != 3850_00 {
		t.Errorf("%s %s %s %s", Yuan(a), Yuan(b), Yuan(c), Yuan(e))
	}
	other, alone, elsewhere := r, r, r
	other.Amount, alone.ApprovedBy, elsewhere.DecisionID = 600_00, "lin", "x"
	for what, rs := range map[string][]TemporaryRaise{"twice with different contents": {r, other}, "a second person": {alone}, "not " + d.ID: {elsewhere}} {
		if _, err := TemporaryLimit(d, rs, 5000, day("2024-06-01")); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("got %v, want an error with %q", err, what)
		}
	}
}

func TestWaterLevels(t *testing.T) {
	// The limit of 2,500 fills the quota: (2,450.50 + 2,500) / 5,000 = 99.01 %.
	d := decideAnna(t, policyWith(t, "applies = false\ntotal_yuan = 0\nused_yuan = 0", "applies = true\ntotal_yuan = 5000\nused_yuan = 2450.5\nalert_percent = 90"), func(*CountyEvidence) {})
	if len(d.Levels) != 2 || d.Levels[1] != (Level{"quota", 4950_50, 5000_00, 9901, 9000, true}) || d.Levels[0].Over {
		t.Errorf("%+v", d.Levels)
	}
}
