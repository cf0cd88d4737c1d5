package scoring

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// drawn is what was measured on the map before scoring: claims on land and on
// each other, and homes. Rows stand sorted, by grower.
type drawn struct {
	claims []ClaimOnLand
	pairs  []ClaimPair
	homes  []Home
	of     map[string]*drawnOf
}

// drawnOf are the places of a grower's rows.
type drawnOf struct {
	claims, pairs, homes []int
	digest               digest
}

func (x *index) draw() {
	ev := x.ev
	if len(ev.Claims)+len(ev.ClaimPairs)+len(ev.Homes) == 0 {
		return
	}
	d := &x.drawn
	d.claims, d.homes, d.of = slices.Clone(ev.Claims), slices.Clone(ev.Homes), map[string]*drawnOf{}
	for i := range d.claims {
		d.claims[i].Parcels = sortedCopy(d.claims[i].Parcels)
	}
	slices.SortStableFunc(d.claims, func(a, b ClaimOnLand) int {
		return cmp.Or(strings.Compare(a.GrowerID, b.GrowerID), strings.Compare(a.ClaimID, b.ClaimID), strings.Compare(a.Source, b.Source))
	})
	slices.SortStableFunc(d.homes, func(a, b Home) int {
		return cmp.Or(strings.Compare(a.GrowerID, b.GrowerID), strings.Compare(a.ParcelID, b.ParcelID))
	})
	for _, p := range ev.ClaimPairs {
		if p.GrowerB < p.GrowerA || p.GrowerB == p.GrowerA && p.ClaimB < p.ClaimA {
			p = ClaimPair{p.ClaimB, p.ClaimA, p.GrowerB, p.GrowerA, p.SourceB, p.SourceA, p.AreaB, p.AreaA, p.Area}
		}
		d.pairs = append(d.pairs, p)
	}
	slices.SortStableFunc(d.pairs, func(a, b ClaimPair) int {
		return cmp.Or(strings.Compare(a.GrowerA, b.GrowerA), strings.Compare(a.GrowerB, b.GrowerB), strings.Compare(a.ClaimA, b.ClaimA), strings.Compare(a.ClaimB, b.ClaimB))
	})
	for i, c := range d.claims {
		o := d.at(c.GrowerID)
		o.claims = append(o.claims, i)
	}
	for i, p := range d.pairs {
		o := d.at(p.GrowerA)
		o.pairs = append(o.pairs, i)
		if p.GrowerB != p.GrowerA {
			o = d.at(p.GrowerB)
			o.pairs = append(o.pairs, i)
		}
	}
	for i, h := range d.homes {
		o := d.at(h.GrowerID)
		o.homes = append(o.homes, i)
	}
	for _, o := range d.of {
		o.digest = sha256.Sum256(fmt.Appendf(nil, "%+v", []any{pick(d.claims, o.claims), pick(d.pairs, o.pairs), pick(d.homes, o.homes)}))
	}
}

func (d *drawn) at(grower string) *drawnOf {
	if d.of[grower] == nil {
		d.of[grower] = &drawnOf{}
	}
	return d.of[grower]
}

// slice is a grower's part.
func (d *drawn) slice(grower string, to *CountyEvidence) {
	o := d.of[grower]
	if o == nil {
		return
	}
	to.Claims, to.ClaimPairs, to.Homes = pick(d.claims, o.claims), pick(d.pairs, o.pairs), pick(d.homes, o.homes)
}

func pick[T any](rows []T, places []int) (out []T) {
	for _, n := range places {
		out = append(out, rows[n])
	}
	return out
}

// appendDigest adds the fingerprint of a grower's part.
func (d *drawn) appendDigest(b []byte, growers *names, n int32) []byte {
	if d.of == nil || n < 0 {
		return b
	}
	if o := d.of[growers.list[n]]; o != nil {
		b = append(b, o.digest[:]...)
	}
	return b
}
