package scoring

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"reflect"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed default_policy.toml
var defaultPolicy []byte

// DefaultCreditPolicy is the credit policy file that comes with Parus: a place
// to start, to be edited by the lender.
func DefaultCreditPolicy() []byte { return bytes.Clone(defaultPolicy) }

// ParseCreditPolicy reads a credit policy file. Every needed value must stand
// in it: a missing or unknown key is refused and named.
func ParseCreditPolicy(b []byte) (*CreditPolicy, error) {
	var raw map[string]any
	if _, err := toml.Decode(string(b), &raw); err != nil {
		return nil, fmt.Errorf("read credit policy: %w", err)
	}
	at := linesOf(string(b))
	var wrong []string
	walkKeys(raw, reflect.TypeFor[CreditPolicy](), "", false, &wrong)
	if err := refused(wrong, at); err != nil {
		return nil, err
	}
	cp := &CreditPolicy{}
	if _, err := toml.Decode(string(b), cp); err != nil {
		return nil, fmt.Errorf("read credit policy: %w", err)
	}
	if err := refused(cp.validate(), at); err != nil {
		return nil, err
	}
	if err := cp.resolve(raw); err != nil {
		return nil, refused([]string{err.Error()}, at)
	}
	sum := sha256.Sum256(b)
	cp.SHA256 = hex.EncodeToString(sum[:])
	for _, v := range cp.variants {
		v.SHA256 = cp.SHA256
	}
	return cp, nil
}

// refused names what is wrong, each with its line where the path that it
// begins with stands in the file.
func refused(wrong []string, at lines) error {
	if len(wrong) == 0 {
		return nil
	}
	sort.Strings(wrong)
	for i, w := range wrong {
		path, _, _ := strings.Cut(w, " ")
		if n := at.place(strings.TrimSuffix(path, ":")); n > 0 {
			wrong[i] = fmt.Sprintf("line %d: %s", n, w)
		}
	}
	return fmt.Errorf("credit policy refused:\n  %s", strings.Join(wrong, "\n  "))
}

// walkKeys compares what stands in the file with the fields of t and names
// keys that are unknown, and those missing unless v is only a part of the file.
func walkKeys(v any, t reflect.Type, path string, part bool, wrong *[]string) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		table, ok := v.(map[string]any)
		if !ok {
			return // a date or month-day written as text
		}
		known := map[string]bool{}
		for _, f := range reflect.VisibleFields(t) {
			key := f.Tag.Get("toml")
			if key == "-" || key == "" {
				continue
			}
			known[key] = true
			x, ok := table[key]
			switch {
			case ok && key == "set" && t == reflect.TypeFor[Override]():
				walkOverride(x, join(path, key), wrong)
			case ok:
				walkKeys(x, f.Type, join(path, key), part, wrong)
			case !part && f.Tag.Get("parus") != "optional":
				*wrong = append(*wrong, join(path, key)+" is missing")
			}
		}
		for key := range table {
			if !known[key] {
				*wrong = append(*wrong, join(path, key)+" is not a key of a credit policy")
			}
		}
	case reflect.Map:
		if table, ok := v.(map[string]any); ok {
			for key, x := range table {
				walkKeys(x, t.Elem(), join(path, key), part, wrong)
			}
		}
	case reflect.Slice:
		switch list := v.(type) {
		case []map[string]any:
			for i, x := range list {
				walkKeys(x, t.Elem(), fmt.Sprintf("%s[%d]", path, i), false, wrong)
			}
		case []any:
			for i, x := range list {
				walkKeys(x, t.Elem(), fmt.Sprintf("%s[%d]", path, i), false, wrong)
			}
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Feeds are the county feeds a credit policy may name.
var Feeds = []string{"contractors", "contracts", "transfers", "roster", "declarations", "policies", "subsidies", "debts", "costs", "statistics",
	"issuers", "members", "certificates", "prices", "disasters", "machinery", "purchases", "meters", "lists", "claims"}

// AreaWitnesses are the sources of a parcel's area that may be weighed.
var AreaWitnesses = []string{"contract", "transfer", "surveyed", "claimed", "seen"}

var severities = []string{"off", "info", "warn", "refer", "decline"}

// validate names every value that cannot be right.
func (cp *CreditPolicy) validate() (wrong []string) {
	say := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	in := func(x string, list []string) bool {
		for _, y := range list {
			if x == y {
				return true
			}
		}
		return false
	}
	share := func(key string, p Prob) { say(p >= 0 && p <= 10_000, "%s must lie in 0–100", key) }
	say(cp.ID != "", "id must not be empty")
	say(cp.Version != "", "version must not be empty")
	say(cp.EffectiveFrom.IsZero() || cp.EffectiveTo.IsZero() || !cp.EffectiveTo.Before(cp.EffectiveFrom), "effective_to lies before effective_from")
	for _, f := range append(append(append([]string{}, cp.Feeds.Required...), cp.Feeds.Wanted...), cp.Feeds.Optional...) {
		say(in(f, Feeds), "feeds: %q is not a feed: use %s", f, strings.Join(Feeds, ", "))
	}
	for _, w := range cp.Area.Witnesses {
		say(in(w, AreaWitnesses), "area.witnesses: %q is not one of %s", w, strings.Join(AreaWitnesses, ", "))
	}
	say(len(cp.Area.Witnesses) > 0, "area.witnesses must name at least one of %s", strings.Join(AreaWitnesses, ", "))
	_, ok := cp.Products[cp.DefaultProduct]
	say(ok, "default_product %q stands nowhere under products", cp.DefaultProduct)
	for name, p := range cp.Products {
		k := "products." + name
		share(k+".financed_share_percent", p.FinancedShare)
		share(k+".haircut_percent", p.Haircut)
		share(k+".repayment_share_percent", p.RepaymentShare)
		share(k+".pledge_ratio_percent", p.PledgeRatio)
		say(p.Rate >= 0 && p.Rate <= 2400, "%s.rate_percent must lie in 0–24: the all-in cost of an assisted loan may not pass 24 %% a year", k)
		say(p.Cap > 0, "%s.cap_yuan must be above 0", k)
		say(p.Minimum >= 0 && p.Minimum <= p.Cap, "%s.minimum_yuan must lie between 0 and the cap", k)
		say(in(p.Schedule, schedules), "%s.schedule must be one of %s", k, strings.Join(schedules[1:], ", "))
		say(p.Schedule != Moratorium || p.InterestDays > 0, "%s.interest_days must be above 0 for a moratorium", k)
		share(k+".alert_percent", p.Alert)
		share(k+".temporary_raise_percent", p.RaiseShare)
		say(p.MaxTenorDays > 0 && p.SellingLagDays >= 0, "%s.max_tenor_days must be above 0 and selling_lag_days not negative", k)
	}
	for name, c := range cp.Crops {
		k := "crops." + name
		say(c.UnitCost >= 0 && c.Rent >= 0 && c.Price >= 0 && c.YieldP25 >= 0, "%s: costs, price and yield must not be negative", k)
		say(c.Source != "", "%s.source must say where the numbers come from", k)
		var sum Prob
		for _, s := range c.Stages {
			sum += s.Share
			say(s.Share >= 0, "%s.stages: %s: share_percent must not be negative", k, s.Name)
		}
		say(sum == 10_000, "%s.stages: the shares add up to %s, not 100 %%", k, Percent(sum))
	}
	share("quota.alert_percent", cp.Quota.Alert)
	say(cp.Quota.Total >= 0 && cp.Quota.Used >= 0, "quota: total_yuan and used_yuan must not be negative")
	names := func(key string, list, from []string) {
		for _, v := range list {
			say(in(v, from), "%s: %q is not one of %s", key, v, strings.Join(from, ", "))
		}
	}
	scopes := map[string]Scope{"scope": cp.Scope}
	for i, o := range cp.Overrides {
		k := fmt.Sprintf("override[%d]", i)
		scopes[k] = o.Scope
		say(o.Why != "", "%s.why must say why", k)
		say(len(o.Counties)+len(o.Seasons)+len(o.Industries)+len(o.Operators) > 0, "%s must name counties, seasons, industries or operators", k)
	}
	for k, sc := range scopes {
		names(k+".operators", sc.Operators, Operators)
		names(k+".industries", sc.Industries, sortedKeys(cp.Industries))
	}
	for name, i := range cp.Industries {
		names("industries."+name+".crops", i.Crops, sortedKeys(cp.Crops))
		names("industries."+name+".self_proof", i.SelfProof, proofs)
		say(in(i.Ground, []string{"", GroundCovered, GroundGreen}), "industries.%s.ground must be %s or %s", name, GroundCovered, GroundGreen)
		say(i.Unseen || i.Ground == "" && len(i.SelfProof) == 0, "industries.%s: ground and self_proof are for unseen industries", name)
		for other, o := range cp.Industries {
			say(other <= name || !shares(i.Crops, o.Crops), "industries.%s and %s share a crop", name, other)
		}
	}
	for _, c := range Checks {
		rule, ok := cp.Checks[c.Code]
		say(ok, "checks.%s is missing", c.Code)
		say(!ok || in(rule.Severity, severities), "checks.%s.severity must be one of %s", c.Code, strings.Join(severities, ", "))
	}
	for code := range cp.Checks {
		_, ok := CheckOf(code)
		say(ok, "checks.%s is not a check", code)
	}
	cp.Scorecard.validate("scorecard", say)
	if cp.ThinFile != nil {
		cp.ThinFile.validate("thin_file", say)
	}
	if r := cp.Relief; r != nil {
		say(r.WorstLevel >= 0 && r.WorstLevel <= 4, "relief.worst_level must lie in 0–4")
		share("relief.min_loss_percent", r.MinLoss)
		share("relief.min_share_percent", r.MinShare)
		say(r.Overdue == "" || in(r.Overdue, []string{"info", "warn", "refer"}), "relief.overdue_severity must be one of info, warn, refer")
		say(r.ExtensionDays > 0 && r.RenewWithin >= 0, "relief.extension_days must be above 0 and renew_within_days not negative")
	}
	if cp.Loss != nil {
		share("loss.lgd_percent", cp.Loss.LGD)
		for _, d := range cp.Loss.Disaster {
			say(d.Level >= 1 && d.Level <= 4, "loss.disaster: level %d is not one of 1 (gravest) to 4", d.Level)
			say(d.Percent >= 0 && d.Percent <= 100_000, "loss.disaster: pd_percent must lie in 0–1000")
		}
	}
	say(cp.Imagery.MinInsidePixels > 0, "imagery.min_inside_pixels must be above 0")
	for _, how := range cp.Thresholds.LeasedOutClaims {
		say(in(how, []string{"declared", "insured", "subsidy"}), "thresholds.leased_out_claims: %q is not one of declared, insured, subsidy", how)
	}
	share("imagery.min_probability_percent", cp.Imagery.MinProbability)
	share("imagery.planting_rise_percent", cp.Imagery.PlantingRise)
	say(cp.Costs.MarketDays >= 0, "costs.market_days must not be negative")
	share("thresholds.crop_probability_percent", cp.Thresholds.CropProbability)
	for _, model := range sortedKeys(cp.Thresholds.CropProbabilityBy) {
		share("thresholds.crop_probability_by_model_percent."+model, cp.Thresholds.CropProbabilityBy[model])
	}
	share("yields.p25_of_mean_percent", cp.Yields.P25OfMean)
	share("costs.cash_share_unsplit_percent", cp.Costs.CashShareUnsplit)
	say(cp.Yields.LandRatioMin >= 0 && cp.Yields.LandRatioMin <= cp.Yields.LandRatioMax, "yields.land_ratio_min_percent must not lie above land_ratio_max_percent")
	return wrong
}
