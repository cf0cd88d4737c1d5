package scoring

import (
	"fmt"
	"strings"
	"testing"
)

const scoped = `[industries.orchards]
crops = ["apple", "kiwi"]

[[override]]
operators = ["coop", "company"]
why = "larger books"
[override.set.products.season]
cap_yuan = 900000

[[override]]
industries = ["orchards"]
seasons = ["2024"]
why = "fruit sells late"
[override.set.products.season]
selling_lag_days = 120
cap_yuan = 500000

[feeds]
`

func TestOverrides(t *testing.T) {
	cp := policyWith(t, "[feeds]\n", scoped)
	for _, c := range []struct {
		a   Applicant
		cap Fen
		lag int
	}{
		{Applicant{"341523", "2024", "", "household"}, 300_000_00, 60},
		{Applicant{"341523", "2024", "", "coop"}, 900_000_00, 60},
		{Applicant{"341523", "2023", "orchards", "coop"}, 900_000_00, 60},
		{Applicant{"341523", "2024", "orchards", "person"}, 500_000_00, 120},
		{Applicant{"341523", "2024", "orchards", "company"}, 500_000_00, 120}, // the later wins
	} {
		if p := cp.For(c.a).Products["season"]; p.Cap != c.cap || p.SellingLagDays != c.lag || p.FinancedShare != 7000 {
			t.Errorf("%+v: cap %s, lag %d", c.a, Yuan(p.Cap), p.SellingLagDays)
		}
	}
	values, err := ExplainCreditPolicy([]byte(strings.Replace(string(DefaultCreditPolicy()), "[feeds]\n", scoped, 1)), Applicant{"341523", "2024", "orchards", "company"})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, v := range values {
		if v.Path == "products.season.cap_yuan" {
			found = v.Value == "500000" && v.From == "override[1]: fruit sells late" && v.Line > 0
		}
	}
	if !found {
		t.Error("explain does not say that the cap comes from override[1]")
	}
}

func TestWhatIsWrongHasItsLine(t *testing.T) {
	good := string(DefaultCreditPolicy())
	for _, c := range []struct{ old, new, says string }{
		{"[quota]", "[quota]\ncolour = 1", "quota.colour is not a key"},
		{"LAND_FALLOW.severity = \"refer\"", "LAND_FALLOW.severity = \"bad\"", "checks.LAND_FALLOW.severity must be one of"},
		{"[feeds]\n", strings.Replace(scoped, "cap_yuan = 900000", "cap_yuans = 900000", 1), "override[0].set.products.season.cap_yuans is not a key"},
		{"[feeds]\n", strings.Replace(scoped, "cap_yuan = 900000", "rate_percent = 99", 1), "rate_percent must lie in 0–24"},
		{"[feeds]\n", strings.Replace(scoped, "operators = [\"coop\", \"company\"]\n", "", 1), "override[0] must name"},
		{"[feeds]\n", strings.Replace(scoped, "\"coop\"", "\"robot\"", 1), "\"robot\" is not one of"},
		{"[feeds]\n", "[[override]]\noperators = [\"coop\"]\nwhy = \"x\"\n[override.set]\nid = \"other\"\n\n[feeds]\n", "override[0].set.id cannot be overridden"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		_, err := ParseCreditPolicy([]byte(text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Fatalf("got %v, want %q", err, c.says)
		}
		if !strings.Contains(err.Error(), "line ") {
			t.Errorf("no line: %v", err)
		}
	}
	bad := strings.Replace(good, "[quota]", "[quota]\ncolour = 1", 1)
	line := 2 + strings.Count(good[:strings.Index(good, "[quota]")], "\n")
	if _, err := ParseCreditPolicy([]byte(bad)); !strings.Contains(err.Error(), fmt.Sprintf("line %d: quota.colour", line)) {
		t.Errorf("want line %d: %v", line, err)
	}
}

func TestReleaseNeedsASecondPerson(t *testing.T) {
	head := "version = \"1.0.0\"\n"
	for _, c := range []struct{ lines, says string }{
		{"", "names no author"},
		{"author = \"lin\"\n", "nobody has approved it"},
		{"author = \"lin\"\napproved_by = \"Lin \"\napproved_on = \"2024-01-01\"\n", "must be a second person"},
		{"author = \"lin\"\napproved_by = \"chen\"\n", "approved_on is missing"},
		{"author = \"lin\"\napproved_by = \"chen\"\napproved_on = \"2024-01-01\"\n", ""},
	} {
		err := policyWith(t, head, "  "+head+c.lines).Released()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v", c.lines, err)
		}
	}
}

func TestDiffOfCreditPolicies(t *testing.T) {
	a := DefaultCreditPolicy()
	b := []byte(strings.Replace(string(a), "cap_yuan = 300000", "cap_yuan = 250000", 1))
	got, err := DiffCreditPolicies(a, b)
	if err != nil || len(got) != 1 || got[0].Path != "products.season.cap_yuan" || got[0].Old != "300000" || got[0].New != "250000" || got[0].OldLine == 0 {
		t.Errorf("%+v %v", got, err)
	}
}
