package scoring

import (
	"fmt"
	"strings"
)

// verdict collects what speaks against admitting, with every rule that ran.
type verdict struct {
	decline, refer []Reason
	trace          []string
}

func (v *verdict) rule(name, outcome, format string, args ...any) {
	v.trace = append(v.trace, "rule "+name+": "+outcome+" ("+fmt.Sprintf(format, args...)+")")
}

func (x *index) ruleInForce(cp *CreditPolicy, v *verdict) {
	early := !cp.EffectiveFrom.IsZero() && x.ev.AsOf.Before(cp.EffectiveFrom)
	late := !cp.EffectiveTo.IsZero() && x.ev.AsOf.After(cp.EffectiveTo)
	if early || late {
		v.refer = append(v.refer, reason("CREDIT_POLICY_NOT_EFFECTIVE"))
		v.rule("credit_policy_in_force", Refer, "as of %s; in force %s to %s", x.ev.AsOf, from(cp.EffectiveFrom), until(cp.EffectiveTo))
		return
	}
	v.rule("credit_policy_in_force", "ok", "as of %s; in force %s to %s", x.ev.AsOf, from(cp.EffectiveFrom), until(cp.EffectiveTo))
}

// ruleScope: a credit policy decides only those it is for; others go to a
// person. What was laid over the file for this applicant is noted.
func (x *index) ruleScope(cp *CreditPolicy, v *verdict, grower string) {
	a := x.applicant(cp, grower)
	who := fmt.Sprintf("county %s, season %s, industry %q, operator %q, overrides %s", a.County, a.Season, a.Industry, a.Operator, list(cp.laid))
	if !cp.Scope.holds(a) {
		v.refer = append(v.refer, reason("OUT_OF_SCOPE"))
		v.rule("scope", Refer, "%s", who)
		return
	}
	v.rule("scope", "ok", "%s", who)
}

// ruleUnseen: where the crop cannot be judged from above, an officer looks.
func ruleUnseen(cp *CreditPolicy, v *verdict, counted []field) {
	for _, f := range counted {
		if cp.unseen(f.crop) {
			v.refer = append(v.refer, reason("OFFICER_MUST_SEE"))
			v.rule("unseen_crop", Refer, "%s cannot be judged from above", f.crop)
			return
		}
	}
	v.rule("unseen_crop", "ok", "none")
}

func (x *index) ruleFeeds(cp *CreditPolicy, v *verdict) {
	missing := func(feeds []string) (out []string) {
		for _, f := range feeds {
			if !x.given(f) {
				out = append(out, f)
			}
		}
		return out
	}
	if m := missing(cp.Feeds.Required); len(m) > 0 {
		r := reason("FEED_MISSING")
		r.EN = strings.TrimSuffix(r.EN, ".") + ": " + list(m) + "."
		r.ZH = strings.TrimSuffix(r.ZH, "。") + "：" + strings.Join(m, "、") + "。"
		v.refer = append(v.refer, r)
		v.rule("required_feeds", Refer, "missing %s", list(m))
	} else {
		v.rule("required_feeds", "ok", "%s", list(cp.Feeds.Required))
	}
	if m := missing(cp.Feeds.Wanted); len(m) > 0 {
		v.rule("wanted_feeds", "noted", "missing %s", list(m))
	}
}

func ruleFindings(cp *CreditPolicy, v *verdict, findings []Finding) {
	var warn []Finding
	for _, f := range findings {
		r := Reason{Code: f.Code, EN: f.Detail, ZH: f.DetailZH}
		switch f.Severity {
		case "decline":
			v.decline = append(v.decline, r)
		case "refer":
			v.refer = append(v.refer, r)
		case "warn":
			warn = append(warn, f)
		}
		v.rule("finding "+f.Code, f.Severity, "%s %s", f.ParcelID, f.Detail)
	}
	if len(warn) > cp.Thresholds.MaxWarnings {
		v.refer = append(v.refer, reason("TOO_MANY_WARNINGS"))
		v.rule("warnings", Refer, "%d, at most %d", len(warn), cp.Thresholds.MaxWarnings)
	} else {
		v.rule("warnings", "ok", "%d, at most %d", len(warn), cp.Thresholds.MaxWarnings)
	}
}

// ruleConditions: lease and, where the product lends on it, insurance must
// reach the P75 harvest as it stands now, by imagery where that has seen the
// crop. What a shortfall leads to is the severity of the check of that name.
func (x *index) ruleConditions(cp *CreditPolicy, v *verdict, product Product, grower string, counted []field) {
	short := func(code, what string, end, harvest Date) {
		if end.IsZero() || !end.Before(harvest) {
			return
		}
		severity := cp.Checks[code].Severity
		if severity == "refer" || severity == "decline" {
			v.refer = append(v.refer, reason(code))
		}
		v.rule("condition "+code, severity, "%s ends on %s, P75 harvest %s", what, end, harvest)
	}
	for _, f := range counted {
		for _, l := range f.land {
			if who := x.parcel(l.id).farmer; who.GrowerID == grower && who.Leased {
				short("LEASE_ENDS_BEFORE_HARVEST", "lease of "+l.id, who.Until, f.harvest)
			}
		}
		if !product.InsuredApplies {
			continue
		}
		for _, p := range x.policies.of(grower) {
			if p.Crop == f.crop && x.insures(cp, p) {
				short("POLICY_ENDS_BEFORE_HARVEST", "policy "+p.PolicyID, p.ValidTo, f.harvest)
			}
		}
	}
}

// ruleInsurance: a product that lends on policies asks for one. Without it the
// constraint does not apply (it is never 0), and a person decides.
func ruleInsurance(v *verdict, product Product, s sizing) {
	if !product.InsuredApplies {
		v.rule("insurance", "ok", "the product does not ask for it")
		return
	}
	for _, c := range s.constraints {
		if c.Name == "insured" && !c.Applies {
			v.refer = append(v.refer, reason("INSURANCE_MISSING"))
			v.rule("insurance", Refer, "no policy in force")
			return
		}
	}
	v.rule("insurance", "ok", "a policy is in force")
}

// ruleLand: without land that counts a person decides, unless none of it can
// be assessed.
func ruleLand(v *verdict, fields, counted []field, blind bool) {
	switch {
	case len(fields) == 0:
		v.refer = append(v.refer, reason("NO_LAND_KNOWN"))
		v.rule("land", Refer, "no plot of the grower is known")
	case len(counted) == 0:
		if !blind {
			v.refer = append(v.refer, blindReasons(fields)...)
		}
		v.rule("land", "none counts", "%d plots or crops", len(fields))
	default:
		v.rule("land", "ok", "%d of %d plots or crops count", len(counted), len(fields))
	}
}

// ruleScore runs the scorecard on land that counts and returns what cost points.
func ruleScore(v *verdict, s *scored) (lost []Reason, points int) {
	if len(s.fields) == 0 {
		v.rule("scorecard", "not run", "no land counts")
		return nil, 0
	}
	total, missing, items := s.score()
	for _, it := range items {
		value := fmt.Sprint(it.value)
		if it.missing {
			value = "missing"
		}
		v.trace = append(v.trace, fmt.Sprintf("score %s: %s → %d points", it.item.Feature, value, it.points))
	}
	lost = costly(items)
	why := append(append([]Reason{}, lost...), reason("SCORE_LOW"))
	if len(lost) > 0 {
		why = lost // "low score" is no reason where there are better ones
	}
	card, name := s.card()
	switch {
	case total < card.Decline && !missing:
		v.decline = append(v.decline, why...)
		v.rule(name, Decline, "%d points, decline below %d", total, card.Decline)
	case total < card.Admit:
		v.refer = append(v.refer, why...)
		v.rule(name, Refer, "%d points, admit from %d", total, card.Admit)
	default:
		v.rule(name, "ok", "%d points, admit from %d", total, card.Admit)
	}
	return lost, total
}

// ruleMinimum: less than the least amount is refused, unless a person decides
// anyway.
func ruleMinimum(v *verdict, p Product, s sizing) {
	if s.limit >= p.Minimum && s.limit > 0 {
		v.rule("minimum", "ok", "%s, at least %s", Yuan(s.limit), Yuan(p.Minimum))
		return
	}
	why := []Reason{reason("LIMIT_BELOW_MINIMUM"), reason("BOUND_BY_" + s.binding)}
	if s.constraints[0].Gross == 0 {
		why = []Reason{reason("SEASON_OVER")}
	}
	if len(v.refer) > 0 {
		v.refer = append(v.refer, why...)
		v.rule("minimum", Refer, "%s, at least %s", Yuan(s.limit), Yuan(p.Minimum))
		return
	}
	v.decline = append(v.decline, why...)
	v.rule("minimum", Decline, "%s, at least %s", Yuan(s.limit), Yuan(p.Minimum))
}
