package scoring

import (
	"slices"
	"strconv"
	"strings"
)

// Outcomes of a decision.
const (
	Admit         = "admit"
	Refer         = "refer"   // a person decides
	Decline       = "decline" // refused
	NotAssessable = "not_assessable"
)

// traceLength is what most traces are shorter than, in bytes.
const traceLength = 4 << 10

// Decide decides every grower of the roster, and without a roster every grower
// who has plots, sorted by grower. Findings come from CrossCheck on the same
// evidence (those of one grower are enough for him).
func Decide(ev *CountyEvidence, cp *CreditPolicy, findings []Finding) []Decision {
	return newIndex(ev).decideAll(cp, findings)
}

func (d *desk) decide(grower int32, findings []Finding, out *Decision) {
	ev := d.ev
	name := d.growers.list[grower]
	applied := d.applicant(d.base, grower)
	b := d.book(applied)
	if b != d.base {
		applied = d.applicant(b, grower)
	}
	*out = Decision{GrowerID: name, County: ev.County, Season: ev.SeasonID, AsOf: ev.AsOf, CreditPolicy: b.ref, Models: d.models}
	d.regrade(findings, b)
	d.trail.reset(d.pages.open(traceLength))
	d.decline, d.refer = d.decline[:0], d.refer[:0]
	d.ruleInForce(b)
	d.ruleScope(b, applied)
	d.ruleHousehold(grower)
	d.ruleFeeds(b)
	wish, product, known := d.product(b, grower)
	if !known {
		d.refer = append(d.refer, reason("PRODUCT_UNKNOWN"))
		d.rule("product", Refer, "%q is not in the credit policy; sized as %q", wish, b.DefaultProduct)
	} else {
		d.rule("product", "ok", "%s", wish)
	}
	out.RateBP = int(product.Rate)

	d.findFields(b, grower)
	for i := range d.fields {
		d.setYield(b, &d.fields[i])
		d.describe(&d.fields[i])
	}
	out.Extensions = d.extensions(b.CreditPolicy, grower)
	d.relieve(b.CreditPolicy, grower, out.Extensions)
	blind := d.counting()
	d.findCovers(b.CreditPolicy, grower)
	s := d.size(b, grower, product, out.Extensions)
	out.Area, out.Constraints, out.Binding, out.TenorEnd = s.area, s.constraints, s.binding, s.tenorEnd
	out.RestsOn = restsOn(d.fields)
	plots := d.plots.growers.at(grower)
	out.Plots = d.store.strings(len(plots))
	for i, p := range plots {
		out.Plots[i] = p.PlotID
	}
	for i := range s.constraints {
		c := &s.constraints[i]
		d.trail.put("constraint ", c.Name, ": applies=", strconv.FormatBool(c.Applies), " gross=")
		d.trail.text = appendYuan(d.trail.text, c.Gross)
		d.trail.put(" used=")
		d.trail.text = appendYuan(d.trail.text, c.Used)
		d.trail.put(" net=")
		d.trail.text = appendYuan(d.trail.text, c.Net)
		d.trail.end()
	}
	d.ruleFindings(b.CreditPolicy)
	d.ruleConditions(b.CreditPolicy, product, grower)
	d.ruleLand(blind)
	d.ruleUnseen(b, grower)
	sc := &scored{desk: d, book: b, grower: grower, size: &s}
	points := d.ruleScore(sc)
	if len(d.counted) > 0 {
		d.ruleInsurance(product, &s)
		d.ruleMinimum(product, &s)
	}

	switch {
	case len(d.decline) > 0:
		out.Outcome, out.Reasons = Decline, d.newReasons(d.decline)
	case len(d.counted) == 0 && blind:
		out.Outcome, out.Reasons = NotAssessable, d.newReasons(append(blindReasons(d.fields), d.refer...))
	case len(d.refer) > 0:
		out.Outcome, out.Reasons = Refer, d.newReasons(d.refer)
	default:
		out.Outcome = Admit
		out.Reasons = d.newReasons(append([]Reason{boundBy(out.Binding)}, d.lost...))
	}
	if out.Outcome == Admit || out.Outcome == Refer {
		out.Limit = s.limit
		if len(d.counted) > 0 {
			out.Risk = sc.risk(points, out.Limit)
			out.Raises = s.raises()
			out.Schedule = payments(product, out.Limit, ev.AsOf, out.TenorEnd)
			out.Tranches = d.tranches(product, out.Limit, b.Imagery.PlantingRise)
			out.Levels = levels(s.constraints, out.Limit, product.Alert, b.Quota.Alert)
		}
	}
	d.trail.add("limit %s bound by %s; outcome %s %s", s.limit, s.binding, out.Outcome, out.Limit)
	out.Trace = d.pages.keepLines(&d.trail)
	out.ID, out.Evidence = d.decisionID(b.CreditPolicy, grower)
}

// regrade puts a grower's findings in order, with the severity that an override
// sets for the applicant.
func (d *desk) regrade(fs []Finding, b *rulebook) {
	d.findings = d.findings[:0]
	for i := range fs {
		f := &fs[i]
		if b != d.base {
			if s := b.Checks[f.Code].Severity; s != d.base.Checks[f.Code].Severity {
				other := *f
				other.Severity, f = s, &other
			}
			if f.Severity == "off" {
				continue
			}
		}
		at := len(d.findings)
		d.findings = append(d.findings, f)
		for ; at > 0 && gravestFirst(d.findings[at-1], f) > 0; at-- {
			d.findings[at] = d.findings[at-1]
		}
		d.findings[at] = f
	}
}

// applicant is a grower's place among the scopes of a credit policy. His
// industry is that of most of the area he declares, of two with equal area the
// first by name.
func (d *desk) applicant(b *rulebook, grower int32) Applicant {
	a := Applicant{County: d.ev.County, Season: d.ev.SeasonID}
	for _, e := range d.roster.growers.at(grower) {
		if e.Kind != "" {
			a.Operator = e.Kind
			break
		}
	}
	if len(b.Industries) == 0 {
		return a
	}
	d.industries = d.industries[:0]
	for _, row := range d.declarations.growers.numsAt(grower) {
		if dec := &d.declarations.rows[row]; d.thisSeason(dec.Season) {
			declared := dec.Area
			if on := d.declarations.land.namesOf(row); declared == 0 && len(on) > 0 {
				declared = d.index.land[on[0]].largest
			}
			name := b.crop(dec.Crop).industry
			at := slices.IndexFunc(d.industries, func(i industryArea) bool { return i.name == name })
			if at < 0 {
				at = len(d.industries)
				d.industries = append(d.industries, industryArea{name: name})
			}
			d.industries[at].area += max(declared, 1)
		}
	}
	var most Area
	for _, i := range d.industries {
		if i.area > most || i.area == most && i.name < a.Industry {
			a.Industry, most = i.name, i.area
		}
	}
	return a
}

// industryArea is what a grower declares of one industry.
type industryArea struct {
	name string
	area Area
}

// product is what the grower applies for; an unknown one is sized as the
// default, for the person who decides.
func (d *desk) product(b *rulebook, grower int32) (string, *Product, bool) {
	name := b.DefaultProduct
	for _, e := range d.roster.growers.at(grower) {
		if e.Product != "" {
			name = e.Product
			break
		}
	}
	if p := b.products[name]; p != nil {
		return name, p, true
	}
	return name, b.products[b.DefaultProduct], false
}

// counting splits off the fields that count; blind = there is land, and none
// of it can be assessed.
func (d *desk) counting() (blind bool) {
	blind, d.counted = len(d.fields) > 0, d.counted[:0]
	for i := range d.fields {
		f := &d.fields[i]
		if f.counts() {
			d.counted = append(d.counted, *f)
		}
		blind = blind && f.blind
	}
	return blind
}

// blindReasons are the codes of the fields that do not count.
func blindReasons(fields []field) []Reason {
	var codes []string
	for i := range fields {
		codes = append(codes, fields[i].why)
	}
	var out []Reason
	for _, c := range unique(codes) {
		out = append(out, reason(c))
	}
	return out
}

// restsOn is what most of the area that counts rests on; where two weigh the
// same, the weaker.
func restsOn(fields []field) string {
	kinds := [...]string{restsDeclaration, restsHistory, restsImagery}
	var area [len(kinds)]Area
	for i := range fields {
		if f := &fields[i]; f.counts() {
			area[slices.Index(kinds[:], f.rests)] += f.area
		}
	}
	best := 0
	for k := range kinds {
		if area[k] > area[best] {
			best = k
		}
	}
	return kinds[best]
}

func stateCode(reason, other string) string {
	if reason == "" {
		return other
	}
	return strings.ToUpper(reason)
}

// describe writes one field with its numbers into the trace.
func (d *desk) describe(f *field) {
	t := &d.trail
	if !f.counts() {
		t.text = appendf(t.text, "plot %s %s: does not count: %s (%d pixels within, %d clear dates", f.plot.PlotID, f.crop, f.why, f.plot.InsidePixels, f.plot.ClearDates)
		for i := range f.plot.Cycles {
			c := &f.plot.Cycles[i]
			t.text = append(t.text, "; "...)
			t.text = append(t.text, strings.TrimSpace(sprintf("%s %s %s", c.Crop, c.Probability, c.Reason))...)
		}
		t.text = append(t.text, ')')
		t.end()
		return
	}
	t.text = appendf(t.text, "plot %s %s: rests on %s; area %s [", f.plot.PlotID, f.crop, f.rests, f.area)
	for i := range f.land {
		l := &f.land[i]
		tenure := "own"
		if l.leased {
			tenure = "leased"
		}
		if i > 0 {
			t.text = append(t.text, "; "...)
		}
		t.text = appendf(t.text, "%s %s by %s, %s", l.id, l.area, l.witness, tenure)
	}
	u := &f.rule.cost
	t.text = appendf(t.text, "]; cash cost %s/mu own, %s/mu leased (%s); stages to come %s; P25 yield %s (", u.own, u.leased, u.source, d.stageShare(f, Date{}), f.yield)
	t.text = f.yieldOn.append(t.text)
	t.text = appendf(t.text, "); price %s/50 kg", u.price)
	if u.priceOn != "" {
		t.text = appendf(t.text, " (%s)", u.priceOn)
	}
	t.add("; P75 harvest %s", f.harvest)
}
