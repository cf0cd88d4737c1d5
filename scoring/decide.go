package scoring

import (
	"fmt"
	"strings"
)

// Outcomes of a decision.
const (
	Admit         = "admit"
	Refer         = "refer"   // a person decides
	Decline       = "decline" // refused
	NotAssessable = "not_assessable"
)

// Decide decides every grower of the roster, and without a roster every grower
// who has plots, sorted by grower. Findings come from CrossCheck on the same
// evidence (those of one grower are enough for him).
func Decide(ev *CountyEvidence, cp *CreditPolicy, findings []Finding) []Decision {
	x := newIndex(ev)
	byGrower := map[string][]Finding{}
	for _, f := range findings {
		byGrower[f.GrowerID] = append(byGrower[f.GrowerID], f)
	}
	who := sortedKeys(x.roster.byGrower)
	if !x.given("roster") {
		for _, g := range sortedKeys(x.plotsOf) {
			if g != "" {
				who = append(who, g)
			}
		}
	}
	out := []Decision{}
	for _, g := range unique(who) {
		out = append(out, x.decide(cp, g, byGrower[g]))
	}
	return out
}

// verdict collects what speaks against admitting, with every rule that ran.
type verdict struct {
	decline, refer []Reason
	trace          []string
}

func (v *verdict) rule(name, outcome, format string, args ...any) {
	v.trace = append(v.trace, "rule "+name+": "+outcome+" ("+fmt.Sprintf(format, args...)+")")
}

func (x *index) decide(cp *CreditPolicy, grower string, findings []Finding) Decision {
	ev := x.ev
	d := Decision{GrowerID: grower, County: ev.County, Season: ev.SeasonID, AsOf: ev.AsOf,
		CreditPolicy: cp.Ref(), Models: map[string]string{}, Reasons: []Reason{}, Plots: []string{}, Constraints: []Constraint{}}
	for k, m := range ev.Models {
		d.Models[k] = m
	}
	findings = sortFindings(findings)
	v := &verdict{}
	x.ruleInForce(cp, v)
	x.ruleFeeds(cp, v)
	name, product, known := x.product(cp, grower)
	if !known {
		v.refer = append(v.refer, reason("PRODUCT_UNKNOWN"))
		v.rule("product", Refer, "%q is not in the credit policy; sized as %q", name, cp.DefaultProduct)
	} else {
		v.rule("product", "ok", "%s", name)
	}
	d.RateBP = int(product.Rate)

	fields := x.fields(cp, grower)
	for i := range fields {
		x.setYield(cp, &fields[i])
		v.trace = append(v.trace, x.describe(cp, &fields[i]))
	}
	counted, blind := counting(fields)
	s := x.size(cp, grower, product, counted)
	d.Area, d.Constraints, d.Binding, d.TenorEnd = s.area, s.constraints, s.binding, s.tenorEnd
	d.RestsOn = restsOn(fields)
	for _, i := range x.plotsOf[grower] {
		d.Plots = append(d.Plots, x.plots[i].PlotID)
	}
	for _, c := range s.constraints {
		v.trace = append(v.trace, fmt.Sprintf("constraint %s: applies=%t gross=%s used=%s net=%s", c.Name, c.Applies, Yuan(c.Gross), Yuan(c.Used), Yuan(c.Net)))
	}
	ruleFindings(cp, v, findings)
	ruleLand(v, fields, counted, blind)
	lost := ruleScore(v, &scored{x: x, cp: cp, grower: grower, fields: counted, size: s})
	if len(counted) > 0 {
		ruleMinimum(v, product, s)
	}

	switch {
	case len(v.decline) > 0:
		d.Outcome, d.Reasons = Decline, v.decline
	case len(counted) == 0 && blind:
		d.Outcome, d.Reasons = NotAssessable, append(blindReasons(fields), v.refer...)
	case len(v.refer) > 0:
		d.Outcome, d.Reasons = Refer, v.refer
	default:
		d.Outcome = Admit
		d.Reasons = append([]Reason{reason("BOUND_BY_" + d.Binding)}, lost...)
	}
	d.Reasons = firstFour(d.Reasons)
	if d.Outcome == Admit || d.Outcome == Refer {
		d.Limit = s.limit
	}
	v.trace = append(v.trace, fmt.Sprintf("limit %s bound by %s; outcome %s %s", Yuan(s.limit), s.binding, d.Outcome, Yuan(d.Limit)))
	d.Trace = v.trace
	d.ID = x.decisionID(cp, grower, findings)
	return d
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

// product is what the grower applies for; an unknown one is sized as the
// default, for the person who decides.
func (x *index) product(cp *CreditPolicy, grower string) (string, Product, bool) {
	name := cp.DefaultProduct
	for _, e := range x.roster.of(grower) {
		if e.Product != "" {
			name = e.Product
			break
		}
	}
	if p, ok := cp.Products[name]; ok {
		return name, p, true
	}
	return name, cp.Products[cp.DefaultProduct], false
}

// counting splits off the fields that count; blind = there is land, and none
// of it can be assessed.
func counting(fields []field) (counted []field, blind bool) {
	blind = len(fields) > 0
	for _, f := range fields {
		if f.counts() {
			counted = append(counted, f)
		}
		blind = blind && f.blind
	}
	return counted, blind
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
func ruleScore(v *verdict, s *scored) []Reason {
	if len(s.fields) == 0 {
		v.rule("scorecard", "not run", "no land counts")
		return nil
	}
	total, missing, items := s.score()
	for _, it := range items {
		value := fmt.Sprint(it.value)
		if it.missing {
			value = "missing"
		}
		v.trace = append(v.trace, fmt.Sprintf("score %s: %s → %d points", it.item.Feature, value, it.points))
	}
	lost := costly(items)
	why := append(append([]Reason{}, lost...), reason("SCORE_LOW"))
	if len(lost) > 0 {
		why = lost // "low score" is no reason where there are better ones
	}
	card := s.cp.Scorecard
	switch {
	case total < card.Decline && !missing:
		v.decline = append(v.decline, why...)
		v.rule("scorecard", Decline, "%d points, decline below %d", total, card.Decline)
	case total < card.Admit:
		v.refer = append(v.refer, why...)
		v.rule("scorecard", Refer, "%d points, admit from %d", total, card.Admit)
	default:
		v.rule("scorecard", "ok", "%d points, admit from %d", total, card.Admit)
	}
	return lost
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

// blindReasons are the codes of the fields that do not count.
func blindReasons(fields []field) []Reason {
	var codes []string
	for _, f := range fields {
		codes = append(codes, f.why)
	}
	var out []Reason
	for _, c := range unique(codes) {
		out = append(out, reason(c))
	}
	return out
}

// firstFour keeps the first four reasons of different codes.
func firstFour(rs []Reason) []Reason {
	out, seen := []Reason{}, map[string]bool{}
	for _, r := range rs {
		if !seen[r.Code] && len(out) < 4 {
			seen[r.Code] = true
			out = append(out, r)
		}
	}
	return out
}

// restsOn is what most of the area that counts rests on; where two weigh the
// same, the weaker.
func restsOn(fields []field) string {
	area := map[string]Area{}
	for _, f := range fields {
		if f.counts() {
			area[f.rests] += f.area
		}
	}
	best := ""
	for _, r := range []string{restsDeclaration, restsHistory, restsImagery} {
		if area[r] > 0 && (best == "" || area[r] > area[best]) {
			best = r
		}
	}
	if best == "" {
		return restsDeclaration
	}
	return best
}

func stateCode(reason, other string) string {
	if reason == "" {
		return other
	}
	return strings.ToUpper(reason)
}

// describe writes one field with its numbers.
func (x *index) describe(cp *CreditPolicy, f *field) string {
	if !f.counts() {
		return fmt.Sprintf("plot %s %s: does not count: %s", f.plot.PlotID, f.crop, f.why)
	}
	u := x.unitCost(cp, f.crop)
	var land []string
	for _, l := range f.land {
		tenure := "own"
		if l.leased {
			tenure = "leased"
		}
		land = append(land, fmt.Sprintf("%s %s by %s, %s", l.id, Mu(l.area), l.witness, tenure))
	}
	return fmt.Sprintf("plot %s %s: rests on %s; area %s [%s]; cash cost %s/mu own, %s/mu leased (%s); stages to come %s; P25 yield %s (%s); price %s/50 kg; P75 harvest %s",
		f.plot.PlotID, f.crop, f.rests, Mu(f.area), strings.Join(land, "; "), Yuan(u.own), Yuan(u.leased), u.source,
		Percent(x.stageShare(cp, f)), Kg(f.yield), f.yieldOn, Yuan(u.price), f.harvest)
}
