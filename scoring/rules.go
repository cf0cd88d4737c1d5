package scoring

import "strconv"

// rule notes in the trace that a rule ran, what came of it and its values.
func (d *desk) rule(name, outcome, format string, args ...any) {
	t := &d.trail
	t.text = append(append(append(append(append(t.text, "rule "...), name...), ": "...), outcome...), " ("...)
	t.text = append(appendf(t.text, format, args...), ')')
	t.end()
}

// sends notes a reason for which a person decides.
func (d *desk) sends(why Reason) { d.refer = append(d.refer, why) }

func (d *desk) ruleInForce(b *rulebook) {
	if !b.inForce {
		d.sends(reason("CREDIT_POLICY_NOT_EFFECTIVE"))
		d.rule("credit_policy_in_force", Refer, "%s", b.days)
		return
	}
	d.rule("credit_policy_in_force", "ok", "%s", b.days)
}

// ruleScope: a credit policy decides only those it is for; others go to a
// person. What was laid over the file for this applicant is noted.
func (d *desk) ruleScope(b *rulebook, a Applicant) {
	outcome := "ok"
	if !b.Scope.holds(a) {
		d.sends(reason("OUT_OF_SCOPE"))
		outcome = Refer
	}
	d.rule("scope", outcome, "county %s, season %s, industry %q, operator %q, overrides %s", a.County, a.Season, a.Industry, a.Operator, b.laidOver)
}

// ruleHousehold notes for whom of his household the applicant acts.
func (d *desk) ruleHousehold(grower int32) {
	for _, e := range d.roster.growers.at(grower) {
		if len(e.ActsFor) > 0 {
			d.rule("household", "ok", "acts for %s", e.ActsFor)
			return
		}
	}
}

func (d *desk) ruleFeeds(b *rulebook) {
	if len(b.missing) > 0 {
		d.sends(b.missingFeeds())
		d.rule("required_feeds", Refer, "missing %s", b.missing)
	} else {
		d.rule("required_feeds", "ok", "%s", b.required)
	}
	if len(b.unmet) > 0 {
		d.rule("wanted_feeds", "noted", "missing %s", b.unmet)
	}
}

func (d *desk) ruleFindings(cp *CreditPolicy) {
	warnings := 0
	for _, f := range d.findings {
		r := Reason{Code: f.Code, EN: f.Detail, ZH: f.DetailZH}
		switch f.Severity {
		case "decline":
			d.decline = append(d.decline, r)
		case "refer":
			d.sends(r)
		case "warn":
			warnings++
		}
		d.trail.put("rule finding ", f.Code, ": ", f.Severity, " (", f.ParcelID, " ", f.Detail, ")")
		d.trail.end()
	}
	outcome := "ok"
	if warnings > cp.Thresholds.MaxWarnings {
		d.sends(reason("TOO_MANY_WARNINGS"))
		outcome = Refer
	}
	d.rule("warnings", outcome, "%d, at most %d", warnings, cp.Thresholds.MaxWarnings)
}

// ruleConditions: lease and, where the product lends on it, insurance must
// reach the P75 harvest as it stands now, by imagery where that has seen the
// crop. What a shortfall leads to is the severity of the check of that name.
func (d *desk) ruleConditions(cp *CreditPolicy, product *Product, grower int32) {
	name := d.growers.list[grower]
	for i := range d.counted {
		f := &d.counted[i]
		for k := range f.land {
			if who := &d.index.land[f.land[k].on].farmer; who.GrowerID == name && who.Leased {
				d.mustReach(cp, "LEASE_ENDS_BEFORE_HARVEST", "lease of ", f.land[k].id, who.Until, f.harvest)
			}
		}
		if !product.InsuredApplies {
			continue
		}
		for _, p := range d.policies.growers.at(grower) {
			if p.Crop == f.crop && d.insures(cp, p) {
				d.mustReach(cp, "POLICY_ENDS_BEFORE_HARVEST", "policy ", p.PolicyID, p.ValidTo, f.harvest)
			}
		}
	}
}

func (d *desk) mustReach(cp *CreditPolicy, code, what, id string, end, harvest Date) {
	if end.IsZero() || !end.Before(harvest) {
		return
	}
	severity := cp.Checks[code].Severity
	if severity == "refer" || severity == "decline" {
		d.sends(reason(code))
	}
	d.trail.add("rule condition %s: %s (%s%s ends on %s, P75 harvest %s)", code, severity, what, id, end, harvest)
}

// ruleInsurance: a product that lends on policies asks for one. Without it the
// constraint does not apply (it is never 0), and a person decides.
func (d *desk) ruleInsurance(product *Product, s *sizing) {
	if !product.InsuredApplies {
		d.rule("insurance", "ok", "the product does not ask for it")
		return
	}
	for i := range s.constraints {
		if c := &s.constraints[i]; c.Name == "insured" && !c.Applies {
			d.sends(reason("INSURANCE_MISSING"))
			d.rule("insurance", Refer, "no policy in force")
			return
		}
	}
	d.rule("insurance", "ok", "a policy is in force")
}

// ruleLand: without land that counts a person decides, unless none of it can
// be assessed.
func (d *desk) ruleLand(blind bool) {
	switch {
	case len(d.fields) == 0:
		d.sends(reason("NO_LAND_KNOWN"))
		d.rule("land", Refer, "no plot of the grower is known")
	case len(d.counted) == 0:
		if !blind {
			d.refer = append(d.refer, blindReasons(d.fields)...)
		}
		d.rule("land", "none counts", "%d plots or crops", len(d.fields))
	default:
		d.rule("land", "ok", "%d of %d plots or crops count", len(d.counted), len(d.fields))
	}
}

// ruleScore runs the scorecard on land that counts; lost is what cost points.
func (d *desk) ruleScore(s *scored) (points int) {
	if d.lost = d.lost[:0]; len(d.counted) == 0 {
		d.rule("scorecard", "not run", "no land counts")
		return 0
	}
	total, missing := s.score()
	for i := range d.items {
		it := &d.items[i]
		if it.missing {
			d.trail.put("score ", it.item.Feature, ": missing → ")
		} else {
			d.trail.put("score ", it.item.Feature, ": ")
			d.trail.text = strconv.AppendInt(d.trail.text, it.value, 10)
			d.trail.put(" → ")
		}
		d.trail.text = strconv.AppendInt(d.trail.text, int64(it.points), 10)
		d.trail.put(" points")
		d.trail.end()
	}
	d.costly()
	card, _, name := s.card()
	switch {
	case total < card.Decline && !missing:
		d.decline = append(d.decline, d.whyLow()...)
		d.rule(name, Decline, "%d points, decline below %d", total, card.Decline)
	case total < card.Admit:
		d.refer = append(d.refer, d.whyLow()...)
		d.rule(name, Refer, "%d points, admit from %d", total, card.Admit)
	default:
		d.rule(name, "ok", "%d points, admit from %d", total, card.Admit)
	}
	return total
}

// whyLow: "low score" is no reason where there are better ones.
func (d *desk) whyLow() []Reason {
	if len(d.lost) > 0 {
		return d.lost
	}
	return []Reason{reason("SCORE_LOW")}
}

// ruleMinimum: less than the least amount is refused, unless a person decides
// anyway.
func (d *desk) ruleMinimum(p *Product, s *sizing) {
	outcome := "ok"
	if s.limit < p.Minimum || s.limit <= 0 {
		why := []Reason{reason("LIMIT_BELOW_MINIMUM"), boundBy(s.binding)}
		if s.constraints[0].Gross == 0 {
			why = []Reason{reason("SEASON_OVER")}
		}
		if outcome = Decline; len(d.refer) > 0 {
			outcome = Refer
			d.refer = append(d.refer, why...)
		} else {
			d.decline = append(d.decline, why...)
		}
	}
	d.rule("minimum", outcome, "%s, at least %s", s.limit, p.Minimum)
}
