package scoring

// A year back from as-of is what purchases and meters are added up over; two
// years of tenure may stand behind what was sold in it.
const (
	yearDays   = 365
	tenureDays = 2 * yearDays
)

// reach is the largest area that a grower can have farmed lately: every parcel
// that he farms, holds by contract, or took by a transfer of the last two
// years, by the largest witness; known = each of them has an area.
func (b *bench) reach(grower string) (area Area, known bool) {
	from := b.ev.AsOf.Add(-tenureDays)
	ids := b.landOf(grower)
	for _, c := range b.contracts.of(grower) {
		if overlapDays(c.ValidFrom, c.ValidTo, from, b.ev.AsOf) > 0 {
			if c.ParcelID == "" {
				return 0, false // an area without a place: how much lies apart from the rest is not known
			}
			ids = append(ids, c.ParcelID)
		}
	}
	for _, t := range b.transfers.of(grower) {
		if t.To == grower && overlapDays(t.ValidFrom, t.ValidTo, from, b.ev.AsOf) > 0 {
			if t.ParcelID == "" {
				return 0, false
			}
			ids = append(ids, t.ParcelID)
		}
	}
	ids = unique(ids)
	known = len(ids) > 0
	for _, id := range ids {
		a := b.largest(id)
		known = known && a > 0
		area += a
	}
	return area, known
}

func salesExceedLand(b *bench, _ Check) {
	since := b.ev.AsOf.Add(-yearDays)
	for g, rows := range b.purchases.byGrower {
		area, known := b.reach(g)
		if !known {
			continue
		}
		sold, witnesses := map[string]int64{}, map[string][]string{}
		for _, p := range rows {
			if p.Day.After(since) && !p.Day.After(b.ev.AsOf) {
				sold[p.Crop] += p.Grams
				witnesses[p.Crop] = append(witnesses[p.Crop], p.Source)
			}
		}
		for _, crop := range sortedKeys(sold) {
			best, src := b.bestYear(crop)
			if best <= 0 {
				continue
			}
			// grams > area [1/100 m²] × 3 / 200 000 [mu] × best [1/10 kg] × 100 [g] × (1 + share)
			if !moreThan(sold[crop], areaPerMuThirds*10_000, int64(area)*3*100, int64(best)*(10_000+int64(b.cp.Thresholds.SalesOverLand))) {
				continue
			}
			perMu := Yield(roundDiv(sold[crop]/100*(areaPerMuThirds/100), max(int64(area)*3/100, 1)))
			b.find(g, "", b.say("%s of %s were sold within a year: %s on all his land (%s), where the county's best year gave %s.", tonnes(sold[crop]), crop, perMu, area, best),
				b.say("一年内出售%s%s，按全部土地%s折合%s，而本县最好年份为%s。", CropZH(crop), tonnes(sold[crop]), MuZH(area), perMu, best),
				append(witnesses[crop], src...), "sold", tonnes(sold[crop]), "land", b.text(area), "per_mu", b.text(perMu), "best_year", b.text(best), "crop", crop)
		}
	}
}

// bestYear is the county's largest yearly yield of a crop, 0 = not known.
func (b *bench) bestYear(crop string) (best Yield, source []string) {
	for s := range b.statistics.all {
		if s.Crop == crop && (s.County == "" || s.County == b.ev.County) && s.Yield > best {
			best, source = s.Yield, []string{s.Source}
		}
	}
	return best, source
}

func tonnes(grams int64) string { return decimal(roundDiv(grams, 10_000), 2) + " t" }

func meterExceedsLand(b *bench, _ Check) {
	since := b.ev.AsOf.Add(-yearDays)
	for g, rows := range b.meters.byGrower {
		var litres int64
		var w []string
		for _, m := range rows {
			field := m.Use == "irrigation" || m.Use == "farm"
			if m.Kind == "water" && field && m.ValidFrom.After(since) && !m.ValidTo.After(b.ev.AsOf) {
				litres += m.Amount
				w = append(w, m.Source)
			}
		}
		area, known := b.reach(g)
		most := int64(b.cp.Thresholds.WaterM3Mu) * 1000
		if litres == 0 || !known || !moreThan(litres, areaPerMuThirds, int64(area)*3, most) {
			continue
		}
		perMu := roundDiv(litres/1000*(areaPerMuThirds/100), max(int64(area)*3/100, 1))
		b.find(g, "", b.say("%d m³ of water for fields were metered in a year: %d m³ a mu of all his land (%s).", litres/1000, perMu, area),
			b.say("一年农业用水%d立方米，按全部土地%s折合每亩%d立方米。", litres/1000, MuZH(area), perMu),
			w, "water", b.say("%d m³", litres/1000), "land", b.text(area), "per_mu", b.say("%d m³/mu", perMu))
	}
}

func machineryExceedsLand(b *bench, _ Check) {
	for g, rows := range b.machines.byGrower {
		var watts int64
		var w []string
		for _, m := range rows {
			watts += m.Watts
			w = append(w, m.Source)
		}
		area, known := b.reach(g)
		t := &b.cp.Thresholds
		if !known || watts <= int64(t.MachineryKW)*1000 || !moreThan(watts, areaPerMuThirds, int64(area)*3, int64(t.MachineryKWMu)*1000) {
			continue
		}
		kw := roundDiv(watts, 1000)
		b.find(g, "", b.say("Machines of %d kW are listed for %s of land.", kw, area), b.say("土地%s，登记农机%d千瓦。", MuZH(area), kw),
			w, "machinery", b.say("%d kW", kw), "machines", b.text(len(w)), "land", b.text(area))
	}
}
