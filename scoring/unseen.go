package scoring

// What imagery can still say of an industry that it cannot judge.
const (
	GroundCovered = "covered" // roofs, film, glass stand there
	GroundGreen   = "green"   // trees or other lasting green stand there
)

// proofs are the feeds that may hold a grower's own proof (自证): sales, meters,
// machines, certificates, policies, land drawn or walked.
var proofs = []string{"purchases", "meters", "machinery", "certificates", "policies", "subsidies", "claims"}

// proven reports whether a grower has a record in one of the feeds.
func (x *index) proven(grower int32, feeds []string) bool {
	n := map[string]func() int{
		"purchases": func() int { return len(x.purchases.growers.at(grower)) }, "meters": func() int { return len(x.meters.growers.at(grower)) },
		"machinery": func() int { return len(x.machines.growers.at(grower)) }, "certificates": func() int { return len(x.certificates.growers.at(grower)) },
		"policies": func() int { return len(x.policies.growers.at(grower)) }, "subsidies": func() int { return len(x.subsidies.growers.at(grower)) },
		"claims": func() int { return len(x.claims.growers.at(grower)) },
	}
	for _, f := range feeds {
		if n[f]() > 0 {
			return true
		}
	}
	return false
}

// ruleUnseen: where the crop cannot be judged from above, records and the
// grower's own proof speak, and an officer looks.
func (d *desk) ruleUnseen(b *rulebook, grower int32) {
	for i := range d.counted {
		f := &d.counted[i]
		if !f.rule.unseen {
			continue
		}
		d.sends(reason("OFFICER_MUST_SEE"))
		proof := b.Industries[b.industryOf(f.crop)].SelfProof
		if len(proof) > 0 && !d.proven(grower, proof) {
			d.sends(reason("SELF_PROOF_MISSING"))
			d.rule("self_proof", Refer, "no record of the grower in %s", list(proof))
		} else if len(proof) > 0 {
			d.rule("self_proof", "ok", "one of %s", list(proof))
		}
		d.rule("unseen_crop", Refer, "%s cannot be judged from above", f.crop)
		return
	}
	d.rule("unseen_crop", "ok", "none")
}
