package scoring

import (
	"fmt"
	"maps"
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
	return newIndex(ev).decideAll(cp, findings)
}

func (x *index) decideAll(cp *CreditPolicy, findings []Finding) []Decision {
	byGrower := map[string][]Finding{}
	for _, f := range findings {
		byGrower[f.GrowerID] = append(byGrower[f.GrowerID], f)
	}
	who := x.who()
	out := make([]Decision, 0, len(who))
	for _, g := range who {
		out = append(out, x.decide(cp, g, byGrower[g]))
	}
	return out
}

// who are the growers to decide about: the roster, or without one everybody
// who has plots.
func (x *index) who() []string {
	var who []string
	for g, name := range x.growers.list {
		if n := int32(g); len(x.roster.growers.at(n)) > 0 || !x.given("roster") && len(x.plots.growers.at(n)) > 0 {
			who = append(who, name)
		}
	}
	return who
}

func (x *index) decide(cp *CreditPolicy, grower string, findings []Finding) Decision {
	ev := x.ev
	base := cp
	cp = base.For(x.applicant(base, grower))
	d := Decision{GrowerID: grower, County: ev.County, Season: ev.SeasonID, AsOf: ev.AsOf,
		CreditPolicy: cp.Ref(), Models: maps.Clone(ev.Models), Reasons: []Reason{}, Plots: []string{}, Constraints: []Constraint{}}
	if d.Models == nil {
		d.Models = map[string]string{}
	}
	findings = sortFindings(regrade(findings, base, cp))
	v := &verdict{trace: make([]string, 0, 32)}
	x.ruleInForce(cp, v)
	x.ruleScope(cp, v, grower)
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
	d.Extensions = x.extensions(cp, v, grower)
	counted, blind := counting(fields)
	s := x.size(cp, grower, product, counted)
	d.Area, d.Constraints, d.Binding, d.TenorEnd = s.area, s.constraints, s.binding, s.tenorEnd
	d.RestsOn = restsOn(fields)
	for _, p := range x.plotsOf(grower) {
		d.Plots = append(d.Plots, p.PlotID)
	}
	for _, c := range s.constraints {
		v.trace = append(v.trace, fmt.Sprintf("constraint %s: applies=%t gross=%s used=%s net=%s", c.Name, c.Applies, Yuan(c.Gross), Yuan(c.Used), Yuan(c.Net)))
	}
	ruleFindings(cp, v, findings)
	x.ruleConditions(cp, v, product, grower, counted)
	ruleLand(v, fields, counted, blind)
	ruleUnseen(cp, v, counted)
	sc := &scored{x: x, cp: cp, grower: grower, fields: counted, size: s}
	lost, points := ruleScore(v, sc)
	if len(counted) > 0 {
		ruleInsurance(v, product, s)
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
		if len(counted) > 0 {
			d.Risk = sc.risk(points, d.Limit)
			d.Raises = s.raises()
			d.Schedule = payments(product, d.Limit, ev.AsOf, d.TenorEnd)
			d.Tranches = x.tranches(cp, product, d.Limit, counted)
			d.Levels = levels(s.constraints, d.Limit, map[string]Prob{"cap": product.Alert, "quota": cp.Quota.Alert})
		}
	}
	v.trace = append(v.trace, fmt.Sprintf("limit %s bound by %s; outcome %s %s", Yuan(s.limit), s.binding, d.Outcome, Yuan(d.Limit)))
	d.Trace = v.trace
	d.ID, d.Evidence = x.decisionID(cp, grower, findings)
	return d
}

// regrade gives findings the severity that an override sets for the applicant.
func regrade(fs []Finding, base, cp *CreditPolicy) []Finding {
	if base == cp {
		return fs
	}
	var out []Finding
	for _, f := range fs {
		if s := cp.Checks[f.Code].Severity; s != base.Checks[f.Code].Severity {
			f.Severity = s
		}
		if f.Severity != "off" {
			out = append(out, f)
		}
	}
	return out
}

// applicant is a grower's place among the scopes of a credit policy. His
// industry is that of most of the area he declares, of two with equal area the
// first by name.
func (x *index) applicant(cp *CreditPolicy, grower string) Applicant {
	a := Applicant{County: x.ev.County, Season: x.ev.SeasonID}
	for _, e := range x.roster.of(grower) {
		if e.Kind != "" {
			a.Operator = e.Kind
			break
		}
	}
	if len(cp.Industries) == 0 {
		return a
	}
	area := map[string]Area{}
	for _, d := range x.declarations.of(grower) {
		if x.thisSeason(d.Season) {
			declared := d.Area
			if declared == 0 {
				declared = x.largest(d.ParcelID)
			}
			area[cp.industryOf(d.Crop)] += max(declared, 1)
		}
	}
	var most Area
	for _, name := range sortedKeys(area) {
		if area[name] > most {
			a.Industry, most = name, area[name]
		}
	}
	return a
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
		seen := []string{fmt.Sprintf("%d pixels within, %d clear dates", f.plot.InsidePixels, f.plot.ClearDates)}
		for _, c := range f.plot.Cycles {
			seen = append(seen, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Crop, Percent(c.Probability), c.Reason)))
		}
		return fmt.Sprintf("plot %s %s: does not count: %s (%s)", f.plot.PlotID, f.crop, f.why, strings.Join(seen, "; "))
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
