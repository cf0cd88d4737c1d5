package scoring

import "slices"

// Payment is one part of a repayment schedule.
type Payment struct {
	Due       Date `json:"due"`
	Principal Fen  `json:"principal_fen"`
	Interest  Fen  `json:"interest_fen"`
}

// Tranche is one part of the loan, released when its stage of the season comes
// and, after the first, when planting has been seen.
type Tranche struct {
	Stage     string `json:"stage"`
	From      Date   `json:"from"` // first day on which it may be drawn
	Amount    Fen    `json:"amount_fen"`
	Condition string `json:"condition"` // none, PLANTING_SEEN
	Released  bool   `json:"released"`  // as of the decision
}

// Kinds of schedule that a product may have.
const (
	Bullet     = "bullet"     // all at the tenor's end
	Moratorium = "moratorium" // interest every interest_days, principal at the end
	Tranches   = "tranches"   // drawn stage by stage, all back at the end
)

var schedules = []string{"", Bullet, Moratorium, Tranches}

// interest is principal × rate × days / 365, rounded half up to a fen; rate is
// in 1/10 000 a year.
func interest(principal Fen, rate Prob, days int) Fen {
	var s sum
	s.add(int64(principal), int64(rate), int64(days), 2)
	s.add(10_000, 365)
	return s.down(10_000, 365, 2)
}

// payments lay out the repayment of a limit drawn in full on the as-of day: the
// most that it can cost.
func payments(p *Product, limit Fen, asOf, end Date) []Payment {
	if limit <= 0 || !asOf.Before(end) {
		return nil
	}
	var out []Payment
	from := asOf
	if p.Schedule == Moratorium && p.InterestDays > 0 {
		for next := from.Add(p.InterestDays); next.Before(end); next = from.Add(p.InterestDays) {
			out = append(out, Payment{Due: next, Interest: interest(limit, p.Rate, next.Sub(from))})
			from = next
		}
	}
	return append(out, Payment{Due: end, Principal: limit, Interest: interest(limit, p.Rate, end.Sub(from))})
}

// tranches split a limit by the cash cost of the stages still to come. The
// first is free at once, if it is the crop's first stage or nothing can be seen
// yet; every other waits for its stage and, so long as planting has not been
// seen on half of the land, for that.
func (d *desk) tranches(p *Product, limit Fen, rise Prob) []Tranche {
	if p.Schedule != Tranches || limit <= 0 {
		return nil
	}
	type part struct {
		name string
		from Date
		late bool // planting could have been seen by now
		cost sum
	}
	var parts []part
	var all sum
	var land, seen Area
	for i := range d.counted {
		f := &d.counted[i]
		land += f.area
		if f.planted(d.ev.AsOf, rise) {
			seen += f.area
		}
		u := &f.rule.cost
		begin := f.period.Planting
		for n, s := range f.rule.Stages {
			end := s.Until.onOrAfter(f.period.Planting)
			if end.After(f.period.Harvest) {
				end = f.period.Harvest
			}
			from := begin
			begin = end.Add(1)
			covered := func(l parcelArea) bool { return l.until.IsZero() || !end.After(l.until) }
			if d.ev.AsOf.After(end) || !slices.ContainsFunc(f.land, covered) {
				continue
			}
			if from.Before(d.ev.AsOf) {
				from = d.ev.AsOf
			}
			k := 0
			for k < len(parts) && (parts[k].name != s.Name || parts[k].from != from) {
				k++
			}
			if k == len(parts) {
				parts = append(parts, part{name: s.Name, from: from})
			}
			parts[k].late = parts[k].late || n > 0 && !d.ev.AsOf.Before(f.period.Visible)
			for _, l := range f.land {
				if !covered(l) {
					continue
				}
				cost := u.own
				if l.leased {
					cost = u.leased
				}
				parts[k].cost.add(int64(l.area), int64(cost), int64(s.Share))
				all.add(int64(l.area), int64(cost), int64(s.Share))
			}
		}
	}
	const step = 100_00
	var out []Tranche
	left := limit
	for i := range parts {
		a := &parts[i]
		t := Tranche{Stage: a.name, From: a.from, Amount: left, Condition: "none", Released: !d.ev.AsOf.Before(a.from)}
		if i < len(parts)-1 {
			t.Amount = min(left, a.cost.share(&all, limit)/step*step)
		}
		if i > 0 || a.late {
			t.Condition = "PLANTING_SEEN"
			t.Released = t.Released && 2*seen >= land
		}
		left -= t.Amount
		out = append(out, t)
	}
	return out
}

// planted reports whether imagery has seen the crop come up: a cycle that emerged
// since planting, in which FAPAR has risen by as much as the credit policy asks
// (a cycle whose FAPAR is not known is a rise of NDVI and will do).
func (f *field) planted(asOf Date, rise Prob) bool {
	for i := range f.plot.Cycles {
		c := &f.plot.Cycles[i]
		if c.FAPARRise > 0 && c.FAPARRise < rise {
			continue
		}
		if !c.Emergence.IsZero() && !c.Emergence.After(asOf) && !c.Emergence.Before(f.period.Planting) && !c.Emergence.After(f.period.Harvest) {
			return true
		}
	}
	return false
}

// Level is how full a bound is: the water level, and whether it has passed the
// alert level.
type Level struct {
	Of    string `json:"of"` // cap, quota
	Used  Fen    `json:"used_fen"`
	Total Fen    `json:"total_fen"`
	Share Prob   `json:"share"`
	Alert Prob   `json:"alert"` // 0 = none set
	Over  bool   `json:"over"`
}

// levels are the water levels with this decision's limit drawn in full; cap and
// quota are called nearly full from these shares on.
func levels(cs []Constraint, limit Fen, capAlert, quotaAlert Prob) []Level {
	out := make([]Level, 0, 2)
	for i := range cs {
		c := &cs[i]
		if c.Name != "cap" && c.Name != "quota" || !c.Applies || c.Gross <= 0 {
			continue
		}
		l := Level{Of: c.Name, Used: c.Used + limit, Total: c.Gross, Alert: capAlert}
		if c.Name == "quota" {
			l.Alert = quotaAlert
		}
		var s sum
		s.add(int64(l.Used), 10_000)
		l.Share = Prob(s.down(int64(l.Total)))
		l.Over = l.Alert > 0 && l.Share >= l.Alert
		out = append(out, l)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
