package scoring

import (
	"strings"
	"testing"
)

func found(fs []Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.GrowerID+"/"+f.ParcelID+"/"+f.Code)
	}
	return strings.Join(out, " ")
}

func TestCleanCountyHasNoFindings(t *testing.T) {
	if got := found(CrossCheck(county(), defaults(t))); got != "" {
		t.Errorf("clean county: %s", got)
	}
}

// Each check has a case in which it speaks and one in which it just does not.
func TestChecks(t *testing.T) {
	cp := defaults(t)
	cases := checkCases()
	fired, spared := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		ev := county()
		c.plant(ev)
		fs := CrossCheck(ev, cp)
		if got := found(fs); got != c.want {
			t.Errorf("%s, %s:\n got %q\nwant %q", c.code, c.name, got, c.want)
		}
		if strings.Contains(c.want, "/"+c.code) {
			fired[c.code] = true
		} else {
			spared[c.code] = true
		}
	}
	for _, c := range Checks {
		if !fired[c.Code] || !spared[c.Code] {
			t.Errorf("%s: a case in which it speaks: %t, one in which it just does not: %t", c.Code, fired[c.Code], spared[c.Code])
		}
	}
}
