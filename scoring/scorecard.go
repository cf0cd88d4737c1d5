package scoring

import "math"

// features are what the scorecard may look at, by name. Each gives a whole
// number, or false where nothing is known.
var features = map[string]feature{
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

// feature is one of them, as a card's item names it.
type feature func(s *scored) (int64, bool)

func featuresOf(card *Scorecard) []feature {
	out := make([]feature, len(card.Items))
	for i := range card.Items {
		out[i] = features[card.Items[i].Feature]
	}
	return out
}

// scored is what the scorecard sees of one grower.
type scored struct {
	*desk
	book   *rulebook
	grower int32
	size   *sizing
}

func (s *scored) tenureMonths() (int64, bool) {
	least, known := int64(120), false
	for i := range s.counted {
		f := &s.counted[i]
		for k := range f.land {
			who := &s.index.land[f.land[k].on]
			if !who.farmed {
				continue
			}
			known = true
			if who.farmer.Leased && !who.farmer.Until.IsZero() {
				least = min(least, int64(who.farmer.Until.Sub(f.harvest))/30)
			}
		}
	}
	return least, known
}

func (s *scored) subsidyPercent() (int64, bool) {
	own := s.subsidies.growers.at(s.grower)
	if !s.given("subsidies") || len(own) == 0 {
		return 0, false
	}
	var all, part Area
	for i := range s.counted {
		f := &s.counted[i]
		for k := range f.land {
			l := &f.land[k]
			all += l.area
			for _, c := range own {
				if c.ParcelID == l.id && c.Crop == f.crop && s.thisSeason(c.Season) {
					part += l.area
					break
				}
			}
		}
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) insuredPercent() (int64, bool) {
	if !s.given("policies") || len(s.cover) == 0 {
		return 0, false
	}
	var all, part Area
	for i := range s.counted {
		all += s.counted[i].area
	}
	for i := range s.cover {
		c := &s.cover[i]
		var grown Area
		for k := range s.counted {
			if s.counted[k].crop == c.crop {
				grown += s.counted[k].area
			}
		}
		part += min(c.area, grown)
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) historyPercent() (int64, bool) {
	var all, part Area
	for i := range s.counted {
		f := &s.counted[i]
		if len(f.plot.Past) == 0 {
			continue
		}
		all += f.area
		if inPast(s.book.CreditPolicy, f.plot, f.crop) {
			part += f.area
		}
	}
	return percentOf(int64(part), int64(all))
}

func (s *scored) growthGrade() (int64, bool) {
	var all, weighted int64
	for i := range s.counted {
		f := &s.counted[i]
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
	if !s.given("debts") || s.size.sales == 0 {
		return 0, false
	}
	var owed Fen
	for _, o := range s.debts.growers.at(s.grower) {
		if s.active(o) {
			owed += o.Outstanding
		}
	}
	return percentOf(int64(owed), int64(s.size.sales))
}

// percentOf is 100 × part / all, rounded down; neither is below 0.
func percentOf(part, all int64) (int64, bool) {
	if all <= 0 {
		return 0, false
	}
	var s sum
	s.add(part, 100)
	return int64(s.down(all)), true
}

// itemScore is one line of the scorecard.
type itemScore struct {
	item    *ScoreItem
	value   int64
	missing bool
	points  int
	lost    int // against the best band
}

// score adds up the points into the desk's items, which stand in the order of
// the file.
func (s *scored) score() (total int, missing bool) {
	card, features, _ := s.card()
	total = card.Base
	s.items = s.items[:0]
	for i := range card.Items {
		it := &card.Items[i]
		v, ok := features[i](s)
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
		s.items = append(s.items, r)
	}
	return total, missing
}

// costly lists the items that cost points, the dearest first; of equal ones the
// first of the file.
func (d *desk) costly() {
	for from := math.MaxInt; ; {
		dearest := 0
		for i := range d.items {
			if n := d.items[i].lost; n < from && n > dearest {
				dearest = n
			}
		}
		if dearest == 0 {
			return
		}
		for i := range d.items {
			if it := d.items[i].item; d.items[i].lost == dearest {
				d.lost = append(d.lost, Reason{Code: it.Code, EN: it.EN, ZH: it.ZH})
			}
		}
		from = dearest
	}
}
