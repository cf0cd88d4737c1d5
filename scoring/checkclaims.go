package scoring

func claimOffRegistry(b *bench, _ Check) {
	for i := range b.drawn.claims {
		c := &b.drawn.claims[i]
		off := c.Area - c.Own
		if c.GrowerID == "" || c.Area <= 0 || !moreThan(int64(off), 10_000, int64(c.Area), int64(b.cp.Thresholds.ClaimOff)) {
			continue
		}
		share := Prob(roundDiv(int64(off)*10_000, int64(c.Area)))
		w := []string{c.Source}
		for _, id := range c.Parcels {
			w = append(w, b.say("registry:%s", id))
		}
		outside := max(off-c.Others, 0)
		b.find(c.GrowerID, "", b.say("%s of the claim %s (%s) are not land that the grower farms: %s farmed by others, %s outside.", share, c.ClaimID, c.Method, c.Others, outside),
			b.say("圈地%s有%s不在其经营的登记地块内：%s由他人经营，%s在登记地块之外。", c.ClaimID, share, MuZH(c.Others), MuZH(outside)),
			w, "claim", b.text(c.Area), "own", b.text(c.Own), "others", b.text(c.Others), "outside", b.text(outside), "share_off", b.text(share), "method", c.Method)
	}
}

func claimsOverlap(b *bench, _ Check) {
	for _, p := range b.drawn.pairs {
		small := min(p.AreaA, p.AreaB)
		if p.GrowerA == p.GrowerB || small <= 0 || !moreThan(int64(p.Area), 10_000, int64(small), int64(b.cp.Thresholds.ClaimsOverlap)) {
			continue
		}
		share := Prob(roundDiv(int64(p.Area)*10_000, int64(small)))
		for _, s := range [2][4]string{{p.GrowerA, p.ClaimA, p.ClaimB, p.GrowerB}, {p.GrowerB, p.ClaimB, p.ClaimA, p.GrowerA}} {
			if s[0] == "" {
				continue
			}
			b.find(s[0], "", b.say("%s of claim %s are claimed by another grower too (%s of the smaller claim).", p.Area, s[1], share),
				b.say("圈地%s有%s同时被他人圈定，占较小圈地的%s。", s[1], MuZH(p.Area), share),
				[]string{p.SourceA, p.SourceB}, "overlap", b.text(p.Area), "share_of_smaller", b.text(share), "claim", s[1], "other_claim", s[2], "other_grower", s[3])
		}
	}
}

func homeFarFromLand(b *bench, _ Check) {
	most := int64(b.cp.Thresholds.HomeKM) * 1000
	for i, h := range b.drawn.homes {
		farther := i > 0 && b.drawn.homes[i-1].GrowerID == h.GrowerID // one a grower
		if h.GrowerID == "" || h.Metres <= most || farther {
			continue
		}
		km := roundDiv(h.Metres, 1000)
		var w []string
		for _, p := range b.people.of(h.GrowerID) {
			if p.Home == h.Village {
				w = append(w, p.Source)
			}
		}
		b.find(h.GrowerID, "", b.say("Home (village %s) and parcel %s lie %d km apart.", h.Village, h.ParcelID, km), b.say("户籍村（%s）与地块%s相距%d公里。", h.Village, h.ParcelID, km),
			append(w, b.say("registry:%s", h.ParcelID)), "distance", b.say("%d km", km), "home", h.Village, "parcel", h.ParcelID)
	}
}
