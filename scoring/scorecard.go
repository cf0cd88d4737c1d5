package scoring

import "sort"

// features are what the scorecard may look at, by name. Each gives a whole
// number, or false where nothing is known.
var features = map[string]func(s *scored) (int64, bool){
	// land that counts, mu
	"land_mu": func(s *scored) (int64, bool) { return int64(s.size.area) * 3 / areaPerMuThirds, s.size.area > 0 },
	// months that the shortest lease reaches beyond the harvest; own land 120
	"tenure_months": (*scored).tenureMonths,
	// share of the declared crops' area with a subsidy claim of the same crop
	"subsidy_percent": (*scored).subsidyPercent,
	// insured area of the crops that count ÷ their area
	"insured_percent": (*scored).insuredPercent,
	// share of the area where the crop was seen in an earlier season
	"history_percent": (*scored).historyPercent,
	// growth grade × 10, weighted by area
	"growth_grade": (*scored).growthGrade,
	// all debts ÷ expected sales
	"debt_percent": (*scored).debtPercent,
}

func featureNames() []string { return sortedKeys(features) }

// scored is what the scorecard sees of one grower.
type scored struct {
	x      *index
	cp     *CreditPolicy
	grower string
	fields []field // that count
	size   sizing
}

func (s *scored) tenureMonths() (int64, bool) {
	least, known := int64(120), false
	for _, f := range s.fields {
		for _, l := range f.land {
			who, ok := s.x.parcel(l.id).farmer, s.x.parcel(l.id).farmed
			if !ok {
				continue
			}
			known = true
			if who.Leased && !who.Until.IsZero() {
				least = min(least, int64(who.Until.Sub(f.harvest))/30)
			}
		}
	}
	return least, known
}

func (s *scored) subsidyPercent() (int64, bool) {
	if !s.x.given("subsidies") || len(s.x.subsidies.of(s.grower)) == 0 {
		return 0, false
	}
	var all, part Area
	for _, f := range s.fields {
		for _, l := range f.land {
			all += l.area
			for _, c := range s.x.subsidies.on(l.id) {
				if c.GrowerID == s.grower && c.Crop == f.crop && s.x.thisSeason(c.Season) {
					part += l.area
					break
				}
			}
		}
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) insuredPercent() (int64, bool) {
	covers := s.x.covers(s.cp, s.grower)
	if !s.x.given("policies") || len(covers) == 0 {
		return 0, false
	}
	var all, part Area
	byCrop := map[string]Area{}
	for _, f := range s.fields {
		all += f.area
		byCrop[f.crop] += f.area
	}
	for _, c := range covers {
		part += min(c.area, byCrop[c.crop])
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) historyPercent() (int64, bool) {
	var all, part Area
	for _, f := range s.fields {
		if len(f.plot.Past) == 0 {
			continue
		}
		all += f.area
		if inPast(s.cp, f.plot, f.crop) {
			part += f.area
		}
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) growthGrade() (int64, bool) {
	var all, weighted int64
	for _, f := range s.fields {
		if f.cycle != nil && f.cycle.GrowthGrade > 0 {
			all += int64(f.area)
			weighted += int64(f.area) * int64(f.cycle.GrowthGrade)
		}
	}
	if all == 0 {
		return 0, false
	}
	return weighted * 10 / all, true
}

func (s *scored) debtPercent() (int64, bool) {
	if !s.x.given("debts") || s.size.sales == 0 {
		return 0, false
	}
	var owed Fen
	for _, d := range s.x.debts.of(s.grower) {
		if s.x.active(d) {
			owed += d.Outstanding
		}
	}
	return percentOf(int64(owed), int64(s.size.sales))
}

func percentOf(part, all int64) (int64, bool) {
	if all <= 0 {
		return 0, false
	}
	q := product(part, 100)
	q.Div(q, product(all, 1))
	return q.Int64(), true
}

// itemScore is one line of the scorecard.
type itemScore struct {
	item    ScoreItem
	value   int64
	missing bool
	points  int
	lost    int // against the best band
}

// score adds up the points; items stand in the order of the file.
func (s *scored) score() (total int, missing bool, items []itemScore) {
	card, _ := s.card()
	total = card.Base
	for _, it := range card.Items {
		v, ok := features[it.Feature](s)
		r := itemScore{item: it, value: v, missing: !ok, points: it.Missing}
		best := it.Bands[0].Points
		for _, b := range it.Bands {
			best = max(best, b.Points)
		}
		if ok {
			r.points = it.Bands[0].Points
			for _, b := range it.Bands {
				if v >= b.From {
					r.points = b.Points
				}
			}
			r.lost = best - r.points
		}
		missing = missing || !ok
		total += r.points
		items = append(items, r)
	}
	return total, missing, items
}

// costly lists the items that cost points, the dearest first.
func costly(items []itemScore) []Reason {
	var lost []itemScore
	for _, it := range items {
		if it.lost > 0 {
			lost = append(lost, it)
		}
	}
	sort.SliceStable(lost, func(i, j int) bool { return lost[i].lost > lost[j].lost })
	var out []Reason
	for _, it := range lost {
		out = append(out, Reason{Code: it.item.Code, EN: it.item.EN, ZH: it.item.ZH})
	}
	return out
}
