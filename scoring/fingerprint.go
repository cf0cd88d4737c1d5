package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
)

// fingerprints hashes what is no record: plots, overlaps, land, and the frame.
func (x *index) fingerprints() {
	of := func(v any) digest { return sha256.Sum256(fmt.Appendf(nil, "%+v", v)) }
	for i := range x.plots {
		x.plotDigests = append(x.plotDigests, of(x.plots[i]))
	}
	for _, o := range x.overlaps {
		x.overlapDigests = append(x.overlapDigests, of(o))
	}
	x.landDigests = make(map[string]digest, len(x.ev.Parcels))
	for id, p := range x.ev.Parcels {
		p.Polygon, p.Source = nil, nil // scoring looks at areas, not at shapes
		x.landDigests[id] = of([]any{p, x.ev.Farmers[id]})
	}
	for id, f := range x.ev.Farmers {
		if _, ok := x.landDigests[id]; !ok {
			x.landDigests[id] = of([]any{id, f})
		}
	}
	given := make([]bool, len(Feeds))
	for i, f := range Feeds {
		given[i] = x.given(f)
	}
	ev := x.ev
	x.head = of([]any{ev.County, ev.SeasonID, ev.SeasonFrom, ev.SeasonTo, ev.AsOf, ev.Models, given})
}

// decisionID fingerprints everything a decision rests on: the grower's
// evidence, the findings, the credit policy, the models and this package's
// version. evidence is the SHA-256 over the SHA-256s of the frame, the grower's
// plots, records and land and of everybody's records on that land, in the order
// of EvidenceOf.
func (x *index) decisionID(cp *CreditPolicy, grower string, findings []Finding) (id, evidence string) {
	h := sha256.New()
	x.hashEvidence(h, grower)
	part := h.Sum(nil)
	h.Reset()
	var room [1024]byte
	b := room[:0]
	for _, s := range []string{Version, grower, cp.SHA256} {
		b = append(append(b, s...), 0)
	}
	b = append(b, part...)
	for i := range findings {
		f := &findings[i]
		for _, s := range []string{f.ParcelID, f.Code, f.Severity, f.Detail, f.DetailZH} {
			b = append(append(b, s...), 0)
		}
		for _, w := range f.Witnesses {
			b = append(append(b, w...), 0)
		}
		for _, k := range sortedKeys(f.Numbers) {
			b = append(append(append(append(b, k...), 0), f.Numbers[k]...), 0)
		}
		b = append(b, 1)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), hex.EncodeToString(part)
}

func (x *index) hashEvidence(h hash.Hash, g string) {
	h.Write(x.head[:])
	ids, crops := x.touched(g)
	for _, i := range x.plotsOf[g] {
		h.Write(x.plotDigests[i][:])
	}
	hashRows(h, &x.contracts, g, ids)
	hashRows(h, &x.transfers, g, ids)
	hashRows(h, &x.declarations, g, ids)
	hashRows(h, &x.policies, g, ids)
	hashRows(h, &x.subsidies, g, ids)
	hashRows(h, &x.debts, g, ids)
	hashRows(h, &x.roster, g, nil)
	hashRows(h, &x.certificates, g, nil)
	hashRows(h, &x.machines, g, nil)
	hashRows(h, &x.purchases, g, nil)
	hashRows(h, &x.meters, g, ids)
	hashRows(h, &x.lists, g, nil)
	hashRows(h, &x.claims, g, ids)
	for _, n := range x.householdRows(g) {
		h.Write(x.people.digests[n][:])
	}
	for i := range x.costs {
		if slices.Contains(crops, x.costs[i].Crop) {
			h.Write(x.costDigests[i][:])
		}
	}
	for i := range x.statistics {
		if slices.Contains(crops, x.statistics[i].Crop) {
			h.Write(x.statisticDigests[i][:])
		}
	}
	for i := range x.prices {
		if slices.Contains(crops, x.prices[i].Crop) {
			h.Write(x.priceDigests[i][:])
		}
	}
	for i := range x.disasters {
		if slices.ContainsFunc(ids, x.disasters[i].Covers) {
			h.Write(x.disasterDigests[i][:])
		}
	}
	for _, id := range ids {
		d := x.landDigests[id]
		h.Write(d[:])
		for _, n := range x.overlapN[id] {
			h.Write(x.overlapDigests[n][:])
		}
	}
}

func hashRows[T any](h hash.Hash, t *table[T], grower string, land []string) {
	var room [16]int
	places := append(room[:0], t.byGrower[grower]...)
	for _, id := range land {
		places = append(places, t.byParcel[id]...)
	}
	slices.Sort(places)
	last := -1
	for _, n := range places {
		if n != last {
			h.Write(t.digests[n][:])
		}
		last = n
	}
	h.Write([]byte{0}) // where one kind of record ends
}

// touched lists the land that a grower's plots and records name, and his crops.
func (x *index) touched(g string) (ids, crops []string) {
	ids, crops = make([]string, 0, 16), make([]string, 0, 8)
	ids = append(ids, x.landOf[g]...)
	for _, i := range x.plotsOf[g] {
		ids = append(ids, x.plots[i].ParcelIDs...)
		for _, c := range x.plots[i].Cycles {
			crops = append(crops, c.Crop)
		}
	}
	for _, n := range x.contracts.byGrower[g] {
		ids = append(ids, x.contracts.rows[n].ParcelID)
	}
	for _, n := range x.transfers.byGrower[g] {
		ids = append(ids, x.transfers.rows[n].ParcelID)
	}
	for _, n := range x.declarations.byGrower[g] {
		ids, crops = append(ids, x.declarations.rows[n].ParcelID), append(crops, x.declarations.rows[n].Crop)
	}
	for _, n := range x.policies.byGrower[g] {
		ids = append(ids, x.policies.rows[n].ParcelIDs...)
	}
	for _, n := range x.subsidies.byGrower[g] {
		ids = append(ids, x.subsidies.rows[n].ParcelID)
	}
	for _, n := range x.debts.byGrower[g] {
		ids = append(ids, x.debts.rows[n].ParcelIDs...)
	}
	for _, n := range x.meters.byGrower[g] {
		ids = append(ids, x.meters.rows[n].ParcelIDs...)
	}
	for _, n := range x.claims.byGrower[g] {
		ids = append(ids, x.claims.rows[n].ParcelID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > 0 && ids[0] == "" {
		ids = ids[1:]
	}
	return ids, crops
}
