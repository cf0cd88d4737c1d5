package scoring

import "slices"

// Relief says what a proven disaster gives (延期还本付息): production loans due
// out of the struck harvest may be put off, and being behind with no others does
// not bar a renewal (续贷).
type Relief struct {
	WorstLevel    int      `toml:"worst_level"`              // notices of this level or graver (1 gravest) count
	MinLoss       Prob     `toml:"min_loss_percent"`         // or those that state this loss
	MinShare      Prob     `toml:"min_share_percent"`        // of the grower's land that they must cover
	Kinds         []string `toml:"kinds"`                    // empty = all
	ExtensionDays int      `toml:"extension_days"`           // from the debt's due day
	RenewWithin   int      `toml:"renew_within_days"`        // past due; a debt behind longer is not put off
	Lenders       []string `toml:"lenders" parus:"optional"` // whose debts; empty = all
	// Overdue is what OVERDUE_DEBT leads to where relief would put off all that is
	// overdue: info, warn or refer; empty = refer.
	Overdue string `toml:"overdue_severity" parus:"optional"`
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
	var hit []string
	for _, n := range d.landOfGrower[grower] {
		id, a := d.parcels.list[n], d.index.land[n].largest
		land += a
		under := false
		for notice := range d.disasters.all {
			if r.counts(notice) && notice.Covers(id) && d.inSeason(notice.Provenance) {
				under = true
				hit = append(hit, notice.Source)
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
	hit = unique(hit)
	d.rule("relief", outcome, "%s of %s under notices %s", struck, land, hit)
	if !proven {
		return nil
	}
	var out []Extension
	for _, o := range d.debts.growers.at(grower) {
		if !d.active(o) || o.Purpose != "production" || !d.thisSeason(o.Season) || o.Due.IsZero() || o.DaysPastDue > r.RenewWithin ||
			len(r.Lenders) > 0 && !contains(r.Lenders, o.Lender) {
			continue
		}
		out = append(out, Extension{o.DebtID, o.Lender, o.Due, o.Due.Add(r.ExtensionDays), slices.Clone(hit)})
	}
	return out
}

// relieve takes the edge off the finding that debts are overdue where relief
// would put off every one of them.
func (d *desk) relieve(cp *CreditPolicy, grower int32, extensions []Extension) {
	if len(extensions) == 0 {
		return
	}
	for _, o := range d.debts.growers.at(grower) {
		if d.active(o) && o.DaysPastDue >= cp.Thresholds.OverdueDays && laterDue(extensions, o.DebtID).IsZero() {
			return
		}
	}
	least := cp.Relief.Overdue
	if least == "" {
		least = "refer"
	}
	for i, f := range d.findings {
		if f.Code == "OVERDUE_DEBT" && slices.Index(severities, f.Severity) > slices.Index(severities, least) {
			milder := *f
			milder.Severity = least
			d.findings[i] = &milder
			d.rule("relief of overdue debts", least, "relief would put off all that is overdue; without it %s", f.Severity)
		}
	}
	slices.SortStableFunc(d.findings, gravestFirst)
}

// laterDue is the day until which an extension would put a debt off; zero = none.
func laterDue(extensions []Extension, debt string) Date {
	for i := range extensions {
		if extensions[i].DebtID == debt {
			return extensions[i].NewDue
		}
	}
	return Date{}
}

// counts reports whether a notice is grave enough.
func (r *Relief) counts(d *Disaster) bool {
	grave := d.Level >= 1 && d.Level <= r.WorstLevel || r.MinLoss > 0 && d.Loss >= r.MinLoss
	return grave && (len(r.Kinds) == 0 || contains(r.Kinds, d.Kind))
}
