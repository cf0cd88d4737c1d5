package scoring

// What stands on land instead of what was declared: roofs, film, or open crops
// where an industry that nobody can judge from above should be.

// leastGreen is the share of looks on which woods are green at least, and open
// land that bears a crop. Sheds between clouds pass for a cycle, never for green.
const leastGreen = 10_00

// anyUnseen reports whether one of the crops cannot be judged from above.
func (cp *CreditPolicy) anyUnseen(crops []string) bool {
	for _, c := range crops {
		if cp.unseen(c) {
			return true
		}
	}
	return false
}

// landBuiltOver passes over basic farmland, where nonGrain speaks, and over
// crops that grow under cover.
func landBuiltOver(b *bench, _ Check) {
	for p := range b.plots.all {
		if !p.BrightCover || !p.Assessable || len(b.basic(p)) > 0 {
			continue
		}
		declared, _, w, ok := b.plotDeclared(b.cp, p)
		if !ok || b.cp.anyUnseen(declared) {
			continue
		}
		b.find(p.GrowerID, p.PlotID, b.say("Roofs or film are seen on %d clear dates where %s is declared.", p.ClearDates, list(declared)),
			b.say("申报%s的地块在%d个晴空影像中均见建筑或覆膜。", listCropsZH(declared), p.ClearDates),
			append(w, "imagery"), "declared", list(declared), "clear_dates", b.text(p.ClearDates), "area", b.text(p.Area))
	}
}

// unseenLandDiffers looks only whether the land is as claimed: covered where a
// crop grows under cover, green where it grows under trees.
func unseenLandDiffers(b *bench, _ Check) {
	for p := range b.plots.all {
		if !p.Assessable || p.ClearDates < b.cp.Thresholds.FallowClearDates {
			continue
		}
		declared, _, w, ok := b.plotDeclared(b.cp, p)
		if !ok {
			continue
		}
		for _, crop := range declared {
			industry := b.cp.Industries[b.cp.industryOf(crop)]
			if !industry.Unseen {
				continue
			}
			open := !p.BrightCover && len(p.Cycles) > 0 && p.Green >= leastGreen
			bare := p.BrightCover || !p.Vegetated && len(p.Cycles) == 0 && p.Green < leastGreen
			en, zh, seen := "", "", ""
			switch {
			case industry.Ground == GroundCovered && open:
				en, zh, seen = "a crop in the open", "露地作物", "open"
			case industry.Ground == GroundGreen && bare:
				en, zh, seen = "bare or covered land", "裸地或覆盖物", "bare"
			default:
				continue
			}
			b.find(p.GrowerID, p.PlotID, b.say("Imagery shows %s where %s is declared.", en, crop), b.say("申报%s的地块影像所见为%s。", CropZH(crop), zh),
				append(w, "imagery"), "declared", crop, "seen", seen, "clear_dates", b.text(p.ClearDates), "area", b.text(p.Area))
			break
		}
	}
}
