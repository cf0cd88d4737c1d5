package scoring

import "strings"

// IsFeature reports whether a scorecard may use a feature of this name.
func IsFeature(name string) bool { _, ok := features[name]; return ok }

// validate names what cannot be right in a scorecard under key.
func (c *Scorecard) validate(key string, say func(ok bool, format string, args ...any)) {
	for i, it := range c.Items {
		say(IsFeature(it.Feature), "%s.items[%d]: feature %q is not one of %s", key, i, it.Feature, strings.Join(featureNames(), ", "))
		say(len(it.Bands) > 0, "%s.items[%d]: %s has no bands", key, i, it.Feature)
		for k := 1; k < len(it.Bands); k++ {
			say(it.Bands[k-1].From < it.Bands[k].From, "%s.items[%d]: bands of %s must rise", key, i, it.Feature)
		}
		signed := len(unique(it.MissingSigned)) >= 2
		say(it.Mean == nil || float64(it.Missing) >= *it.Mean || signed,
			"%s.items[%d].missing: a missing %s scores less than the population's mean: approver and risk manager both sign (missing_signed_by)", key, i, it.Feature)
	}
	for i := 1; i < len(c.PD); i++ {
		say(c.PD[i-1].From < c.PD[i].From && c.PD[i-1].PD >= c.PD[i].PD, "%s.pd must rise in points and never in probability", key)
	}
	for _, b := range c.PD {
		say(b.PD >= 0 && b.PD <= 10_000, "%s.pd: pd_percent must lie in 0–100", key)
	}
	say(c.Decline <= c.Admit, "%s.decline must not lie above %s.admit", key, key)
}

// pd is the calibrated probability of default of some points; below the first
// band that of the first. false = the card is not calibrated.
func (c *Scorecard) pd(points int) (Prob, bool) {
	if len(c.PD) == 0 {
		return 0, false
	}
	p := c.PD[0].PD
	for _, b := range c.PD {
		if points >= b.From {
			p = b.PD
		}
	}
	return p, true
}

// card is the scorecard that fits a grower: without any loan on record, where
// debts were given, the file is thin.
func (s *scored) card() (c *Scorecard, f []feature, name string) {
	thin := s.given("debts") && len(s.debts.growers.at(s.grower)) == 0
	if thin && s.book.ThinFile != nil && len(s.book.ThinFile.Items) > 0 {
		return s.book.ThinFile, s.book.thin, "thin_file"
	}
	return &s.book.Scorecard, s.book.card, "scorecard"
}

// disasterLevel is the gravest notice of the season over land that counts and
// its crop; 0 = none.
func (s *scored) disasterLevel() int {
	worst := 0
	for n := range s.disasters.all {
		if n.Level < 1 || worst > 0 && n.Level >= worst || !s.inSeason(n.Provenance) {
			continue
		}
		for i := range s.counted {
			f := &s.counted[i]
			for k := range f.land {
				if n.Covers(f.land[k].id) && (len(n.Crops) == 0 || contains(n.Crops, f.crop)) {
					worst = n.Level
				}
			}
		}
	}
	return worst
}

// Risk is what may be lost on a limit.
type Risk struct {
	Points       int    `json:"points"`
	Card         string `json:"card"` // scorecard, thin_file
	PD           Prob   `json:"pd"`   // as calibrated, times the disaster state's multiplier; at most 1
	Disaster     int    `json:"disaster_level"`
	LGD          Prob   `json:"lgd"`
	ExpectedLoss Fen    `json:"expected_loss_fen"` // PD × LGD × limit, rounded down
}

// risk is nil where the card is not calibrated or the policy names no loss.
func (s *scored) risk(points int, limit Fen) *Risk {
	card, _, name := s.card()
	pd, ok := card.pd(points)
	if !ok || s.book.Loss == nil {
		return nil
	}
	r := &Risk{Points: points, Card: name, PD: pd, Disaster: s.disasterLevel(), LGD: s.book.Loss.LGD}
	for _, d := range s.book.Loss.Disaster {
		if d.Level == r.Disaster {
			r.PD = min(Prob(int64(r.PD)*int64(d.Percent)/10_000), 10_000)
		}
	}
	var loss sum
	loss.add(int64(limit), int64(r.PD), int64(r.LGD))
	r.ExpectedLoss = loss.down(10_000, 10_000)
	return r
}
