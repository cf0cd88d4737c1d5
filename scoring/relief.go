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
func (x *index) extensions(cp *CreditPolicy, v *verdict, grower string) []Extension {
	if cp.Relief == nil {
		return nil
	}
	r := cp.Relief
	var land, struck Area
	hit := map[string]bool{}
	for _, id := range x.landOf(grower) {
		a := x.largest(id)
		land += a
		under := false
		for d := range x.disasters.all {
			if r.counts(d) && d.Covers(id) && x.inSeason(d.Provenance) {
				under = true
				hit[d.Source] = true
			}
		}
		if under {
			struck += a
		}
	}
	proven := land > 0 && struck > 0 && product(int64(struck), 10_000).Cmp(product(int64(land), int64(r.MinShare))) >= 0
	v.rule("relief", map[bool]string{true: "proven", false: "none"}[proven], "%s of %s under notices %s", Mu(struck), Mu(land), list(sortedKeys(hit)))
	if !proven {
		return nil
	}
	var out []Extension
	for _, d := range x.debts.of(grower) {
		if !x.active(d) || d.Purpose != "production" || !x.thisSeason(d.Season) || d.Due.IsZero() || d.DaysPastDue > r.RenewWithin ||
			len(r.Lenders) > 0 && !contains(r.Lenders, d.Lender) {
			continue
		}
		out = append(out, Extension{d.DebtID, d.Lender, d.Due, d.Due.Add(r.ExtensionDays), sortedKeys(hit)})
	}
	return out
}

// counts reports whether a notice is grave enough.
func (r *Relief) counts(d *Disaster) bool {
	grave := d.Level >= 1 && d.Level <= r.WorstLevel || r.MinLoss > 0 && d.Loss >= r.MinLoss
	return grave && (len(r.Kinds) == 0 || contains(r.Kinds, d.Kind))
}
