package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/parus-lending/parus/parcels"
)

var (
	parcelText = textOf[parcels.Parcel]()
	farmerText = textOf[parcels.Farmer]()
)

// fingerprints hashes what is no record, and what each grower's decision rests on.
func (x *index) fingerprints() {
	of := func(v any) digest { return sha256.Sum256(fmt.Appendf(nil, "%+v", v)) }
	var text []byte
	x.plots.digests = make([]digest, len(x.plots.rows))
	for i := range x.plots.rows {
		text = plotKind.text.append(text[:0], &x.plots.rows[i])
		x.plots.digests[i] = sha256.Sum256(text)
	}
	given := make([]bool, len(Feeds))
	for i, f := range Feeds {
		given[i] = x.given(f)
	}
	ev := x.ev
	x.head = of([]any{ev.County, ev.SeasonID, ev.SeasonFrom, ev.SeasonTo, ev.AsOf, ev.Models, given})
	overlaps := make([]digest, len(x.overlaps))
	for i, o := range x.overlaps {
		overlaps[i] = of(o)
	}
	inParts(len(x.parcels.list), func(from, to int) {
		var b []byte
		for i := from; i < to; i++ {
			b = x.hashLand(b[:0], int32(i), overlaps)
		}
	})
	x.evidence = make([]digest, len(x.growers.list))
	who := x.applicants()
	inParts(len(who), func(from, to int) {
		var f finger
		for _, n := range who[from:to] {
			x.evidence[n] = f.evidence(x, n)
		}
	})
}

// hashLand makes the fingerprint of a parcel: the registry, who farms it, what
// overlaps it, everybody's records on it and the disasters there. Land of which
// nothing is known keeps the fingerprint of nothing.
func (x *index) hashLand(b []byte, n int32, overlaps []digest) []byte {
	h, id := &x.land[n], x.parcels.list[n]
	if h.known {
		p := x.ev.Parcels[id]
		p.Polygon, p.Source = nil, nil // scoring looks at areas, not at shapes
		b = parcelText.append(b, &p)
	}
	b = farmerText.append(append(b, 0), &h.farmer)
	sum := sha256.Sum256(append(append(b, 0), id...))
	b = append(b[:0], sum[:]...)
	b = hashRows(b, x.contracts.digests, x.contracts.land.numsAt(n))
	b = hashRows(b, x.transfers.digests, x.transfers.land.numsAt(n))
	b = hashRows(b, x.declarations.digests, x.declarations.land.numsAt(n))
	b = hashRows(b, x.policies.digests, x.policies.land.numsAt(n))
	b = hashRows(b, x.subsidies.digests, x.subsidies.land.numsAt(n))
	b = hashRows(b, x.debts.digests, x.debts.land.numsAt(n))
	b = hashRows(b, x.meters.digests, x.meters.land.numsAt(n))
	b = hashRows(b, x.claims.digests, x.claims.land.numsAt(n))
	b = hashRows(b, overlaps, h.overlaps)
	for i := range x.disasters.rows {
		if x.disasters.rows[i].Covers(id) {
			b = append(b, x.disasters.digests[i][:]...)
		}
	}
	h.digest = sha256.Sum256(b)
	return b
}

// finger is room to fingerprint one grower after another.
type finger struct {
	text  []byte
	reach []int32
	grown []string
}

// evidence is the fingerprint of what a grower's decision rests on: the SHA-256
// over those of the frame, his plots and records, his household, the costs,
// yields and prices of his crops, what was drawn, and the land that any of it names.
func (f *finger) evidence(x *index, n int32) digest {
	f.reach, f.grown = x.touched(f.reach[:0], f.grown[:0], n)
	b := append(f.text[:0], x.head[:]...)
	b = hashRows(b, x.plots.digests, x.plots.growers.numsAt(n))
	b = hashRows(b, x.contracts.digests, x.contracts.growers.numsAt(n))
	b = hashRows(b, x.transfers.digests, x.transfers.growers.numsAt(n))
	b = hashRows(b, x.declarations.digests, x.declarations.growers.numsAt(n))
	b = hashRows(b, x.policies.digests, x.policies.growers.numsAt(n))
	b = hashRows(b, x.subsidies.digests, x.subsidies.growers.numsAt(n))
	b = hashRows(b, x.debts.digests, x.debts.growers.numsAt(n))
	b = hashRows(b, x.roster.digests, x.roster.growers.numsAt(n))
	b = hashRows(b, x.certificates.digests, x.certificates.growers.numsAt(n))
	b = hashRows(b, x.machines.digests, x.machines.growers.numsAt(n))
	b = hashRows(b, x.purchases.digests, x.purchases.growers.numsAt(n))
	b = hashRows(b, x.meters.digests, x.meters.growers.numsAt(n))
	b = hashRows(b, x.lists.digests, x.lists.growers.numsAt(n))
	b = hashRows(b, x.claims.digests, x.claims.growers.numsAt(n))
	b = hashRows(b, x.people.digests, x.householdRows(n))
	for i := range x.costs.rows {
		if slices.Contains(f.grown, x.costs.rows[i].Crop) {
			b = append(b, x.costs.digests[i][:]...)
		}
	}
	for i := range x.statistics.rows {
		if slices.Contains(f.grown, x.statistics.rows[i].Crop) {
			b = append(b, x.statistics.digests[i][:]...)
		}
	}
	for i := range x.prices.rows {
		if slices.Contains(f.grown, x.prices.rows[i].Crop) {
			b = append(b, x.prices.digests[i][:]...)
		}
	}
	for _, id := range f.reach {
		b = append(b, x.land[id].digest[:]...)
	}
	b = x.drawn.appendDigest(b, x.growers, n)
	f.text = b
	return sha256.Sum256(b)
}

// hashRows appends the fingerprints of some rows, and where one kind of record ends.
func hashRows(b []byte, digests []digest, rows []int32) []byte {
	for _, row := range rows {
		b = append(b, digests[row][:]...)
	}
	return append(b, 0)
}

// decisionID fingerprints everything a decision rests on: the grower's evidence,
// the credit policy, this package's version, and which findings there were:
// their numbers and sentences follow from the others.
func (d *desk) decisionID(cp *CreditPolicy, grower int32) (id, evidence string) {
	part := &d.evidence[grower]
	b := d.text[:0]
	for _, s := range [...]string{Version, d.growers.list[grower], cp.SHA256} {
		b = append(append(b, s...), 0)
	}
	b = append(b, part[:]...)
	for _, f := range d.findings {
		b = append(append(append(append(append(append(b, f.Code...), 0), f.ParcelID...), 0), f.Severity...), 0)
	}
	all := sha256.Sum256(b)
	d.text = b[:0]
	var room [4 * sha256.Size]byte
	hex.Encode(room[:], all[:])
	hex.Encode(room[2*sha256.Size:], part[:])
	both := d.store.keep(room[:])
	return both[:2*sha256.Size], both[2*sha256.Size:]
}

func (x *index) coversAny(d *Disaster, land []int32) bool {
	return slices.ContainsFunc(land, func(id int32) bool { return d.Covers(x.parcels.list[id]) })
}

// about appends the places of the rows of a grower or on some land, sorted.
func (t *table[T]) about(rows []int32, grower int32, land []int32) []int32 {
	rows = append(rows, t.growers.numsAt(grower)...) // sorted, each once
	if t.land.rows == nil {
		return rows
	}
	own := len(rows)
	for _, id := range land {
		rows = append(rows, t.land.numsAt(id)...)
	}
	if len(rows) == own {
		return rows
	}
	return sortedOnce(rows)
}

// sortedOnce sorts whole numbers and keeps each once; few are put in their
// places one by one.
func sortedOnce(ns []int32) []int32 {
	if len(ns) > 24 {
		slices.Sort(ns)
		return slices.Compact(ns)
	}
	out := ns[:0]
	for _, n := range ns {
		at := len(out)
		for at > 0 && out[at-1] > n {
			at--
		}
		if at > 0 && out[at-1] == n {
			continue
		}
		out = out[:len(out)+1]
		for k := len(out) - 1; k > at; k-- {
			out[k] = out[k-1]
		}
		out[at] = n
	}
	return out
}

// touched appends the land that a grower's plots and records name, sorted, and his
// crops, to empty lists.
func (x *index) touched(land []int32, crops []string, g int32) ([]int32, []string) {
	if g < 0 {
		return nil, nil
	}
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
	return sortedOnce(land), crops
}

// landNamed appends the land that a grower's rows name.
func (t *table[T]) landNamed(land []int32, grower int32) []int32 {
	for _, row := range t.growers.numsAt(grower) {
		land = append(land, t.land.namesOf(row)...)
	}
	return land
}
