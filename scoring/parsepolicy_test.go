package scoring

import (
	"strings"
	"testing"
)

func defaults(t testing.TB) *CreditPolicy {
	t.Helper()
	cp, err := ParseCreditPolicy(DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return cp
}

func TestDefaultCreditPolicyParses(t *testing.T) {
	cp := defaults(t)
	// Read off default_policy.toml by eye.
	if p := cp.Products["season"]; p.Cap != 300_000_00 || p.FinancedShare != 7000 || p.Rate != 650 {
		t.Errorf("product season = %+v", p)
	}
	if c := cp.Crops["winter_wheat"]; c.UnitCost != 430_00 || c.YieldP25 != 3700 || c.HarvestP75 != (MonthDay{6, 15}) {
		t.Errorf("winter wheat = %+v", c)
	}
	if len(cp.SHA256) != 64 {
		t.Errorf("fingerprint %q", cp.SHA256)
	}
}

func TestCreditPolicyRefuses(t *testing.T) {
	good := string(DefaultCreditPolicy())
	for _, c := range []struct{ name, old, new, says string }{
		{"missing value", "financed_share_percent = 70\n", "", "products.season.financed_share_percent is missing"},
		{"missing in a crop", "price_yuan_50kg = 135\n", "", "crops.rice.price_yuan_50kg is missing"},
		{"missing in a list", "missing = 12\n", "", "scorecard.items[0].missing is missing"},
		{"missing in a band", "{ from = 5, points = 10 }", "{ from = 5 }", "scorecard.items[0].bands[1].points is missing"},
		{"missing in a stage", `name = "planting", `, "", "stages[0].name is missing"},
		{"not a number", "cap_yuan = 300000", "cap_yuan = nan", "is not a sensible number of yuan"},
		{"leap day", `planting = "10-10"`, `planting = "02-29"`, "02-29 is not a day of every year"},
		{"claims", `"insured", "subsidy"]`, `"insured", "rumour"]`, `"rumour" is not one of`},
		{"missing check", "LAND_FALLOW.severity = \"refer\"\n", "", "checks.LAND_FALLOW is missing"},
		{"unknown key", "[quota]", "[quota]\ncolour = 1", "quota.colour is not a key"},
		{"unknown check", "[checks]", "[checks]\nNO_SUCH.severity = \"warn\"", "checks.NO_SUCH is not a check"},
		{"severity", "LAND_FALLOW.severity = \"refer\"", "LAND_FALLOW.severity = \"bad\"", "checks.LAND_FALLOW.severity must be one of"},
		{"share", "financed_share_percent = 70", "financed_share_percent = 170", "products.season.financed_share_percent must lie in 0–100"},
		{"stages", "share_percent = 48", "share_percent = 47", "not 100 %"},
		{"rate", "rate_percent = 6.5", "rate_percent = 25", "rate_percent must lie in 0–24"},
		{"wrong type", "cap_yuan = 300000", "cap_yuan = \"much\"", "is not a number of yuan"},
		{"wrong day", "harvest_p75 = \"06-15\"", "harvest_p75 = \"15 June\"", "write it as 06-15"},
		{"default product", "default_product = \"season\"", "default_product = \"x\"", "default_product \"x\""},
		{"not toml", "[feeds]", "[feeds", "read credit policy"},
		{"feature", "feature = \"land_mu\"", "feature = \"luck\"", "feature \"luck\""},
		{"feed", "optional = [\"contractors\"]", "optional = [\"gossip\"]", "\"gossip\" is not a feed"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Fatalf("%s: nothing replaced", c.name)
		}
		_, err := ParseCreditPolicy([]byte(bad))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error naming %q", c.name, err, c.says)
		}
	}
}

func FuzzParseCreditPolicy(f *testing.F) {
	f.Add(string(DefaultCreditPolicy()))
	f.Add("products = 3")
	f.Add("[scorecard]\nitems = [1, {}]")
	f.Add("[[crops]]\n[checks]\nLAND_FALLOW = \"refer\"")
	f.Fuzz(func(t *testing.T, s string) {
		cp, err := ParseCreditPolicy([]byte(s))
		if (cp == nil) == (err == nil) {
			t.Errorf("%v, %v", cp, err)
		}
	})
}
