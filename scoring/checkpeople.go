package scoring

// applicants are those whom the county decides about: the roster, or without
// one everybody who has plots.
func (b *bench) applicants() []string {
	if b.asking == nil {
		b.asking = b.who()
	}
	return b.asking
}

// listed is the answer that a yes/no list gave last of a grower; of two answers
// of one day, yes.
func (b *bench) listed(grower, list string) (newest ListEntry, on bool) {
	var found bool
	for _, e := range b.lists.of(grower) {
		if e.List != list || e.Day.After(b.ev.AsOf) {
			continue
		}
		if !found || e.Day.After(newest.Day) || e.Day == newest.Day && e.Listed {
			newest, found = *e, true
		}
	}
	return newest, found && newest.Listed
}

func personDeceased(b *bench, _ Check) {
	if len(b.lists.rows)+len(b.people.rows) == 0 {
		return
	}
	for _, g := range b.applicants() {
		var w []string
		e, on := b.listed(g, "deceased")
		if on {
			w = append(w, e.Source)
		}
		for _, p := range b.people.of(g) {
			if p.GrowerID == g && p.Note == "deceased" {
				w = append(w, p.Source)
			}
		}
		if len(w) == 0 {
			continue
		}
		b.find(g, "", "The applicant is recorded as deceased.", "申请人已登记为死亡。", w, "since", from(e.Day))
	}
}

func personMinor(b *bench, _ Check) {
	if len(b.people.rows) == 0 {
		return
	}
	for _, g := range b.applicants() {
		for _, p := range b.people.of(g) {
			if p.GrowerID != g || p.Born.IsZero() {
				continue
			}
			adult := Date{Year: p.Born.Year + b.cp.Thresholds.AdultYears, Month: p.Born.Month, Day: p.Born.Day}
			if !b.ev.AsOf.Before(adult) {
				continue
			}
			b.find(g, "", b.say("The applicant is of age only from %s.", adult), b.say("申请人至%s方成年。", adult),
				[]string{p.Source}, "of_age_from", b.text(adult), "years", b.text(b.cp.Thresholds.AdultYears))
			break
		}
	}
}

func courtListed(b *bench, _ Check) {
	b.onList("court", "The applicant stands on the court's list of debtors who do not pay", "申请人在法院失信被执行人名单中")
}

func taxListed(b *bench, _ Check) {
	b.onList("tax", "The applicant stands on the tax office's list", "申请人在税务欠税名单中")
}

func (b *bench) onList(list, en, zh string) {
	for _, g := range b.applicants() {
		if e, on := b.listed(g, list); on {
			b.find(g, "", b.say("%s (since %s).", en, from(e.Day)), b.say("%s（自%s）。", zh, fromZH(e.Day)),
				[]string{e.Source}, "list", list, "since", from(e.Day))
		}
	}
}

func fromZH(d Date) string {
	if d.IsZero() {
		return "不详"
	}
	return d.String()
}
