package scoring

// Relief says what a proven disaster gives (延期还本付息): production loans due
// out of the struck harvest may be put off, and a first delay does not bar a
// renewal.
type Relief struct {
	WorstLevel    int      `toml:"worst_level"`              // notices of this level or graver (1 gravest) count
	MinLoss       Prob     `toml:"min_loss_percent"`         // or those that state this loss
	MinShare      Prob     `toml:"min_share_percent"`        // of the grower's land that they must cover
	Kinds         []string `toml:"kinds"`                    // empty = all
	ExtensionDays int      `toml:"extension_days"`           // from the debt's due day
	RenewWithin   int      `toml:"renew_within_days"`        // past due; a debt behind longer is not put off
	Lenders       []string `toml:"lenders" parus:"optional"` // whose debts; empty = all
}

// Extension offers to put one debt off. It changes no limit: a person agrees it
// with the grower.
type Extension struct {
	DebtID  string   `json:"debt_id"`
	Lender  string   `json:"lender"`
	Due     Date     `json:"due"`
	NewDue  Date     `json:"new_due"`
	Notices []string `json:"notices"` // the witnesses
}

// extensions are what relief offers a grower; a rule notes the disaster state.
func (d *desk) extensions(cp *CreditPolicy, grower int32) []Extension {
	if cp.Relief == nil {
		return nil
	}
	r := cp.Relief
	var land, struck Area
	hit := map[string]bool{}
	for _, n := range d.landOfGrower[grower] {
		id, a := d.parcels.list[n], d.index.land[n].largest
		land += a
		under := false
		for notice := range d.disasters.all {
			if r.counts(notice) && notice.Covers(id) && d.inSeason(notice.Provenance) {
				under = true
				hit[notice.Source] = true
			}
		}
		if under {
			struck += a
		}
	}
	proven := land > 0 && struck > 0 && !moreThan(int64(land), int64(r.MinShare), int64(struck), 10_000)
	outcome := "none"
	if proven {
		outcome = "proven"
	}
	d.rule("relief", outcome, "%s of %s under notices %s", struck, land, sortedKeys(hit))
	if !proven {
		return nil
	}
	var out []Extension
	for _, o := range d.debts.growers.at(grower) {
		if !d.active(o) || o.Purpose != "production" || !d.thisSeason(o.Season) || o.Due.IsZero() || o.DaysPastDue > r.RenewWithin ||
			len(r.Lenders) > 0 && !contains(r.Lenders, o.Lender) {
			continue
		}
		out = append(out, Extension{o.DebtID, o.Lender, o.Due, o.Due.Add(r.ExtensionDays), sortedKeys(hit)})
	}
	return out
}

// counts reports whether a notice is grave enough.
func (r *Relief) counts(d *Disaster) bool {
	grave := d.Level >= 1 && d.Level <= r.WorstLevel || r.MinLoss > 0 && d.Loss >= r.MinLoss
	return grave && (len(r.Kinds) == 0 || contains(r.Kinds, d.Kind))
}
