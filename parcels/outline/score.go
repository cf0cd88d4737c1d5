package outline

import (
	"fmt"
	"sort"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Score is how well proposed fields agree with reference ones. Areas are in m²
// on the ellipsoid.
type Score struct {
	Proposed, Reference     int     // fields
	ProposedM2, ReferenceM2 float64 // land in any of them
	SharedM2                float64 // in both
	// ExtentIoU is land in both over land in either: what "pixel IoU" measures,
	// without pixels.
	ExtentIoU                     float64
	Matched                       int // pairs of fields with an IoU of at least MinIoU; each field is in one at most
	MinIoU                        float64
	ObjectPrecision, ObjectRecall float64
	ObjectF1                      float64
	OverSegmentation              float64 // mean over reference fields: the share of it that lies outside the proposed field that holds most of it
	UnderSegmentation             float64 // the same: the share of that proposed field that lies outside the reference field; fields none touches are in neither
	Untouched                     int     // reference fields that no proposed one touches
	MeanIoU                       float64 // of reference fields with the proposed field that fits best; 0 where none touches
	best                          []float64
}

// Best is the IoU of each proposed field with the reference field that fits it
// best.
func (s *Score) Best() []float64 { return s.best }

// smallestShare of a field that counts as shared land: less is rounding.
const smallestShare = 1e-6

// Compare scores proposed fields (lon, lat) against reference ones. Land that two
// fields of one side share counts once in the areas.
func Compare(proposed, reference []orb.MultiPolygon, minIoU float64) Score {
	s := Score{Proposed: len(proposed), Reference: len(reference), MinIoU: minIoU, best: make([]float64, len(proposed))}
	all := make([]parcels.Parcel, 0, len(proposed)+len(reference))
	at := map[string]int{}
	add := func(prefix string, list []orb.MultiPolygon, sum *float64) {
		for i, mp := range list {
			p := parcels.Parcel{ID: fmt.Sprintf("%s%09d", prefix, i), Polygon: mp, AreaM2: parcels.AreaM2(mp)}
			*sum += p.AreaM2
			at[p.ID] = len(all)
			all = append(all, p)
		}
	}
	add("p", proposed, &s.ProposedM2)
	add("r", reference, &s.ReferenceM2)
	type pair struct {
		p, r   int
		shared float64
		iou    float64
	}
	var pairs []pair
	for _, o := range parcels.Overlaps(all, smallestShare) { // A before B: p before r
		switch a, b := o.A[0], o.B[0]; {
		case a == 'p' && b == 'p':
			s.ProposedM2 -= o.AreaM2
		case a == 'r' && b == 'r':
			s.ReferenceM2 -= o.AreaM2
		default:
			i, k := at[o.A], at[o.B]
			pairs = append(pairs, pair{i, k - len(proposed), o.AreaM2, o.AreaM2 / (all[i].AreaM2 + all[k].AreaM2 - o.AreaM2)})
			s.SharedM2 += o.AreaM2
		}
	}
	if either := s.ProposedM2 + s.ReferenceM2 - s.SharedM2; either > 0 {
		s.ExtentIoU = s.SharedM2 / either
	}
	most, iou := make([]int, len(reference)), make([]float64, len(reference))
	for i := range most {
		most[i] = -1
	}
	for i, x := range pairs {
		if k := most[x.r]; k < 0 || x.shared > pairs[k].shared {
			most[x.r] = i
		}
		iou[x.r] = max(iou[x.r], x.iou)
		s.best[x.p] = max(s.best[x.p], x.iou)
	}
	touched := 0
	for r, i := range most {
		s.MeanIoU += iou[r] / float64(len(reference))
		if i < 0 {
			s.Untouched++
			continue
		}
		touched++
		x := pairs[i]
		s.OverSegmentation += 1 - x.shared/all[len(proposed)+r].AreaM2
		s.UnderSegmentation += 1 - x.shared/all[x.p].AreaM2
	}
	if touched > 0 {
		s.OverSegmentation /= float64(touched)
		s.UnderSegmentation /= float64(touched)
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].iou > pairs[j].iou })
	takenP, takenR := make([]bool, len(proposed)), make([]bool, len(reference))
	for _, x := range pairs {
		if x.iou >= minIoU && !takenP[x.p] && !takenR[x.r] {
			takenP[x.p], takenR[x.r] = true, true
			s.Matched++
		}
	}
	if s.Matched > 0 {
		s.ObjectPrecision, s.ObjectRecall = float64(s.Matched)/float64(len(proposed)), float64(s.Matched)/float64(len(reference))
		s.ObjectF1 = 2 * float64(s.Matched) / float64(len(proposed)+len(reference))
	}
	return s
}
