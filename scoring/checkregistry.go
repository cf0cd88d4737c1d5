package scoring

// certificateNotValid looks at land that its contractor farms himself.
func certificateNotValid(b *bench, _ Check) {
	for _, g := range b.applicants() {
		papers := b.certificates.of(g)
		for i, c := range papers {
			if c.ContractID == "" || c.Status != "cancelled" {
				continue
			}
			stands, first := false, true
			for j, o := range papers {
				stands = stands || o.ContractID == c.ContractID && o.Status != "cancelled" && o.Status != "replaced"
				first = first && !(j < i && o.ContractID == c.ContractID && o.Status == "cancelled")
			}
			if stands || !first {
				continue
			}
			for _, t := range b.contracts.of(g) {
				if t.ContractID != c.ContractID || t.ParcelID == "" || b.parcel(t.ParcelID).farmer.GrowerID != g || !t.ValidOn(b.ev.AsOf) {
					continue
				}
				b.find(g, t.ParcelID, b.say("Certificate %s of contract %s is cancelled and no other stands.", c.CertificateID, c.ContractID),
					b.say("合同%s的权证%s已注销，且无其他有效权证。", c.ContractID, c.CertificateID),
					[]string{c.Source, t.Source}, "certificate", c.CertificateID, "contract", c.ContractID, "issued", from(c.Issued))
			}
		}
	}
}
