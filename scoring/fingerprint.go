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
func (d *desk) decisionID(cp *CreditPolicy, grower int32) (id, evidence string) {
	b := d.appendEvidence(d.text[:0], grower)
	part := sha256.Sum256(b)
	b = b[:0]
	for _, s := range [...]string{Version, d.growers.list[grower], cp.SHA256} {
		b = append(append(b, s...), 0)
	}
	b = append(b, part[:]...)
	for _, f := range d.findings {
		for _, s := range [...]string{f.ParcelID, f.Code, f.Severity, f.Detail, f.DetailZH} {
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
	all := sha256.Sum256(b)
	d.text = b[:0]
	var room [4 * sha256.Size]byte
	hex.Encode(room[:], all[:])
	hex.Encode(room[2*sha256.Size:], part[:])
	both := d.store.keep(room[:])
	return both[:2*sha256.Size], both[2*sha256.Size:]
}

func (d *desk) appendEvidence(b []byte, n int32) []byte {
	x := d.index
	b = append(b, x.head[:]...)
	land, crops := x.touched(d.reach[:0], d.grown[:0], n)
	d.reach, d.grown = land, crops
	for _, i := range x.plots.growers.numsAt(n) {
		b = append(b, x.plots.digests[i][:]...)
	}
	b = hashRows(d, b, &x.contracts, n, land)
	b = hashRows(d, b, &x.transfers, n, land)
	b = hashRows(d, b, &x.declarations, n, land)
	b = hashRows(d, b, &x.policies, n, land)
	b = hashRows(d, b, &x.subsidies, n, land)
	b = hashRows(d, b, &x.debts, n, land)
	b = hashRows(d, b, &x.roster, n, nil)
	b = hashRows(d, b, &x.certificates, n, nil)
	b = hashRows(d, b, &x.machines, n, nil)
	b = hashRows(d, b, &x.purchases, n, nil)
	b = hashRows(d, b, &x.meters, n, land)
	b = hashRows(d, b, &x.lists, n, nil)
	b = hashRows(d, b, &x.claims, n, land)
	for _, row := range x.householdRows(n) {
		b = append(b, x.people.digests[row][:]...)
	}
	for i := range x.costs.rows {
		if slices.Contains(crops, x.costs.rows[i].Crop) {
			b = append(b, x.costs.digests[i][:]...)
		}
	}
	for i := range x.statistics.rows {
		if slices.Contains(crops, x.statistics.rows[i].Crop) {
			b = append(b, x.statistics.digests[i][:]...)
		}
	}
	for i := range x.prices.rows {
		if slices.Contains(crops, x.prices.rows[i].Crop) {
			b = append(b, x.prices.digests[i][:]...)
		}
	}
	for i := range x.disasters.rows {
		if x.coversAny(&x.disasters.rows[i], land) {
			b = append(b, x.disasters.digests[i][:]...)
		}
	}
	for _, id := range land {
		b = append(b, x.land[id].digest[:]...)
		for _, o := range x.land[id].overlaps {
			b = append(b, x.overlapDigests[o][:]...)
		}
	}
	return x.drawn.appendDigest(b, x.growers, n)
}

func (x *index) coversAny(d *Disaster, land []int32) bool {
	return slices.ContainsFunc(land, func(id int32) bool { return d.Covers(x.parcels.list[id]) })
}

func hashRows[T any](d *desk, b []byte, t *table[T], grower int32, land []int32) []byte {
	if len(t.rows) > 0 {
		d.rows = t.about(d.rows[:0], grower, land)
		at := len(b)
		b = slices.Grow(b, len(d.rows)*sha256.Size+1)[:at+len(d.rows)*sha256.Size]
		for i, row := range d.rows {
			*(*digest)(b[at+i*sha256.Size:]) = t.digests[row]
		}
	}
	return append(b, 0) // where one kind of record ends
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
