package scoring

// noted reports whether a finding of the check is only noted: it sends nobody
// to a person, so the number itself has to be prudent.
func (r *rulebook) noted(code string) bool {
	s := r.Checks[code].Severity
	return s == "info" || s == "warn"
}

// coveredUntil is the day before the harvest on which the lease of a piece of a
// field ends, or the insurance that its product lends on, where the credit
// policy only notes that: then the need counts the stages that end by that day
// and no sale. Zero = covered until the harvest, or a person decides.
func (d *desk) coveredUntil(b *rulebook, product *Product, grower int32, f *field, l *parcelArea) (end Date) {
	earlier := func(day Date) {
		if !day.IsZero() && day.Before(f.harvest) && (end.IsZero() || day.Before(end)) {
			end = day
		}
	}
	if l.leased && b.noted("LEASE_ENDS_BEFORE_HARVEST") {
		if who := &d.index.land[l.on].farmer; who.Leased && who.GrowerID == d.growers.list[grower] {
			earlier(who.Until)
		}
	}
	if !product.InsuredApplies || !b.noted("POLICY_ENDS_BEFORE_HARVEST") {
		return end
	}
	for i := range d.cover {
		if d.cover[i].crop == f.crop {
			earlier(lastDay(d.cover[i].policies))
		}
	}
	return end
}

// lastDay is the day on which the last of the policies ends; zero = open.
func lastDay(ps []*Policy) (last Date) {
	for _, p := range ps {
		if p.ValidTo.IsZero() {
			return Date{}
		}
		if p.ValidTo.After(last) {
			last = p.ValidTo
		}
	}
	return last
}
