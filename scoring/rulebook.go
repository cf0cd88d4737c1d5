package scoring

import (
	"slices"
	"strings"
)

// rulebook is a credit policy read for one county's evidence: what every
// decision asks of the two is worked out once.
type rulebook struct {
	*CreditPolicy
	x        *index
	ref      string
	crops    map[string]*cropRule
	products map[string]*Product
	witness  struct{ contract, transfer, surveyed, claimed, seen bool }
	card     []feature // of Scorecard's items
	thin     []feature // of ThinFile's
	inForce  bool
	missing  []string // required feeds that were not given
	required string   // list of those required
	unmet    []string // wanted feeds that were not given
	days     string   // "as of …; in force … to …"
	laidOver string   // overrides laid over the file
}

// cropRule is one crop by the credit policy and the county's surveys and
// statistics.
type cropRule struct {
	Crop
	name     string
	industry string // "" = of none
	known    bool
	unseen   bool
	cost     unitCost
	// the county's statistics, see index.statistic
	p25, mean Yield
	years     int
}

func (x *index) rulebook(cp *CreditPolicy) *rulebook {
	r := &rulebook{CreditPolicy: cp, x: x, ref: cp.Ref(), crops: map[string]*cropRule{}, laidOver: list(cp.laid), required: list(cp.Feeds.Required)}
	for _, w := range cp.Area.Witnesses {
		switch w {
		case "contract":
			r.witness.contract = true
		case "transfer":
			r.witness.transfer = true
		case "surveyed":
			r.witness.surveyed = true
		case "claimed":
			r.witness.claimed = true
		case "seen":
			r.witness.seen = true
		}
	}
	r.products = map[string]*Product{cp.DefaultProduct: {}}
	for name, p := range cp.Products {
		r.products[name] = &p
	}
	r.card = featuresOf(&cp.Scorecard)
	if cp.ThinFile != nil {
		r.thin = featuresOf(cp.ThinFile)
	}
	early := !cp.EffectiveFrom.IsZero() && x.ev.AsOf.Before(cp.EffectiveFrom)
	late := !cp.EffectiveTo.IsZero() && x.ev.AsOf.After(cp.EffectiveTo)
	r.inForce = !early && !late
	r.days = sprintf("as of %s; in force %s to %s", x.ev.AsOf, from(cp.EffectiveFrom), until(cp.EffectiveTo))
	absent := func(feeds []string) (out []string) {
		for _, f := range feeds {
			if !x.given(f) {
				out = append(out, f)
			}
		}
		return out
	}
	r.missing = absent(cp.Feeds.Required)
	r.unmet = absent(cp.Feeds.Wanted)
	return r
}

// crop is the rule of one crop; known is false where the policy has none.
func (r *rulebook) crop(name string) *cropRule {
	c := r.crops[name]
	if c == nil {
		c = &cropRule{name: name, industry: r.industryOf(name), unseen: r.unseen(name), cost: r.x.unitCost(r.CreditPolicy, name)}
		c.Crop, c.known = r.Crops[name]
		c.p25, c.mean, c.years = r.x.statistic(r.CreditPolicy, name)
		r.crops[name] = c
	}
	return c
}

// missingFeeds is the reason that required feeds are missing, with their names.
func (r *rulebook) missingFeeds() Reason {
	why := reason("FEED_MISSING")
	why.EN = strings.TrimSuffix(why.EN, ".") + ": " + list(r.missing) + "."
	why.ZH = strings.TrimSuffix(why.ZH, "。") + "：" + strings.Join(r.missing, "、") + "。"
	return why
}

// newReasons copies up to four reasons of different codes.
func (d *desk) newReasons(rs []Reason) []Reason {
	var room [4]Reason
	out := room[:0]
	for i := range rs {
		if len(out) < 4 && !slices.ContainsFunc(out, func(o Reason) bool { return o.Code == rs[i].Code }) {
			out = append(out, rs[i])
		}
	}
	return append(cut(&d.reasons, len(out))[:0], out...)
}
