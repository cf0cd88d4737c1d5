package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	"github.com/parus-lending/parus/parcels"
)

var (
	parcelText = textOf[parcels.Parcel]()
	farmerText = textOf[parcels.Farmer]()
)

// fingerprints hashes what is no record: plots, overlaps, land, and the frame.
func (x *index) fingerprints() {
	of := func(v any) digest { return sha256.Sum256(fmt.Appendf(nil, "%+v", v)) }
	var text []byte
	x.plots.digests = make([]digest, len(x.plots.rows))
	for i := range x.plots.rows {
		text = plotKind.text.append(text[:0], &x.plots.rows[i])
		x.plots.digests[i] = sha256.Sum256(text)
	}
	for _, o := range x.overlaps {
		x.overlapDigests = append(x.overlapDigests, of(o))
	}
	for i, id := range x.parcels.list {
		h := &x.land[i]
		switch {
		case h.known:
			p := x.ev.Parcels[id]
			p.Polygon, p.Source = nil, nil // scoring looks at areas, not at shapes
			text = parcelText.append(append(text[:0], '['), &p)
		case h.farmed:
			text = append(append(text[:0], '['), id...)
		default:
			continue
		}
		text = append(farmerText.append(append(text, ' '), &h.farmer), ']')
		h.digest = sha256.Sum256(text)
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
		for _, n := range f.Numbers {
			b = append(append(append(append(b, n.Name...), 0), n.Value...), 0)
		}
		b = append(b, 1)
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)), hex.EncodeToString(part)
}

func (x *index) hashEvidence(h hash.Hash, g string) {
	n := x.growers.of(g)
	h.Write(x.head[:])
	land, crops := x.touched(n)
	for _, i := range x.plots.growers.numsAt(n) {
		h.Write(x.plots.digests[i][:])
	}
	hashRows(h, &x.contracts, n, land)
	hashRows(h, &x.transfers, n, land)
	hashRows(h, &x.declarations, n, land)
	hashRows(h, &x.policies, n, land)
	hashRows(h, &x.subsidies, n, land)
	hashRows(h, &x.debts, n, land)
	hashRows(h, &x.roster, n, nil)
	hashRows(h, &x.certificates, n, nil)
	hashRows(h, &x.machines, n, nil)
	hashRows(h, &x.purchases, n, nil)
	hashRows(h, &x.meters, n, land)
	hashRows(h, &x.lists, n, nil)
	hashRows(h, &x.claims, n, land)
	for _, row := range x.householdRows(n) {
		h.Write(x.people.digests[row][:])
	}
	for i := range x.costs.rows {
		if slices.Contains(crops, x.costs.rows[i].Crop) {
			h.Write(x.costs.digests[i][:])
		}
	}
	for i := range x.statistics.rows {
		if slices.Contains(crops, x.statistics.rows[i].Crop) {
			h.Write(x.statistics.digests[i][:])
		}
	}
	for i := range x.prices.rows {
		if slices.Contains(crops, x.prices.rows[i].Crop) {
			h.Write(x.prices.digests[i][:])
		}
	}
	for i := range x.disasters.rows {
		if x.coversAny(&x.disasters.rows[i], land) {
			h.Write(x.disasters.digests[i][:])
		}
	}
	for _, id := range land {
		h.Write(x.land[id].digest[:])
		for _, o := range x.land[id].overlaps {
			h.Write(x.overlapDigests[o][:])
		}
	}
}

func (x *index) coversAny(d *Disaster, land []int32) bool {
	return slices.ContainsFunc(land, func(id int32) bool { return d.Covers(x.parcels.list[id]) })
}

func hashRows[T any](h hash.Hash, t *table[T], grower int32, land []int32) {
	var room [16]int32
	for _, row := range t.about(room[:0], grower, land) {
		h.Write(t.digests[row][:])
	}
	h.Write([]byte{0}) // where one kind of record ends
}

// about appends the places of the rows of a grower or on some land, sorted.
func (t *table[T]) about(rows []int32, grower int32, land []int32) []int32 {
	rows = append(rows, t.growers.numsAt(grower)...)
	for _, id := range land {
		rows = append(rows, t.land.numsAt(id)...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// touched lists the land that a grower's plots and records name, sorted, and his
// crops.
func (x *index) touched(g int32) (land []int32, crops []string) {
	if g < 0 {
		return nil, nil
	}
	land, crops = make([]int32, 0, 32), make([]string, 0, 8)
	land = append(land, x.landOfGrower[g]...)
	land = x.plots.landNamed(land, g)
	for _, p := range x.plots.growers.at(g) {
		for i := range p.Cycles {
			crops = append(crops, p.Cycles[i].Crop)
		}
	}
	for _, d := range x.declarations.growers.at(g) {
		crops = append(crops, d.Crop)
	}
	for _, p := range x.purchases.growers.at(g) {
		crops = append(crops, p.Crop)
	}
	land = x.contracts.landNamed(land, g)
	land = x.transfers.landNamed(land, g)
	land = x.declarations.landNamed(land, g)
	land = x.policies.landNamed(land, g)
	land = x.subsidies.landNamed(land, g)
	land = x.debts.landNamed(land, g)
	land = x.meters.landNamed(land, g)
	land = x.claims.landNamed(land, g)
	slices.Sort(land)
	return slices.Compact(land), crops
}

// landNamed appends the land that a grower's rows name.
func (t *table[T]) landNamed(land []int32, grower int32) []int32 {
	for _, row := range t.growers.numsAt(grower) {
		land = append(land, t.land.namesOf(row)...)
	}
	return land
}
