package season

import (
	"math"
	"slices"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

// yearAxis is a series' dekads with what is asked of them for every plot: the
// days of their middles and their first days as text.
type yearAxis struct {
	dekads []parcels.Dekad
	mids   []int // days after the first dekad's first day
	starts []string
}

// of is the axis of these dekads; the same one where they are the same.
func (a *yearAxis) of(dekads []parcels.Dekad) *yearAxis {
	if a != nil && slices.Equal(a.dekads, dekads) {
		return a
	}
	out := &yearAxis{dekads: dekads, mids: make([]int, len(dekads)), starts: make([]string, len(dekads))}
	for i, d := range dekads {
		out.mids[i], out.starts[i] = d.Mid().Sub(dekads[0].Start()), d.Start().String()
	}
	return out
}

// dailyFAPAR interpolates the dekads' FAPAR linearly between their middles, from
// one day to another. Empty where growth was not possible.
func (a *yearAxis) dailyFAPAR(fapar []float64, from, to parcels.Date) []float64 {
	if len(fapar) == 0 || from.IsZero() {
		return nil
	}
	first := from.Sub(a.dekads[0].Start())
	n := to.Sub(from) + 1
	if n <= 0 {
		return nil
	}
	out := make([]float64, 0, n)
	k := 0
	for d := first; d < first+n; d++ {
		for k+1 < len(a.mids) && a.mids[k+1] < d {
			k++
		}
		v := fapar[k]
		if k+1 < len(a.mids) && d > a.mids[k] {
			f := float64(d-a.mids[k]) / float64(a.mids[k+1]-a.mids[k])
			v = fapar[k]*(1-f) + fapar[k+1]*f
		}
		if math.IsNaN(v) {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// clearLooks lists the first days of the dekads with a clear look.
func (a *yearAxis) clearLooks(weight []float64) string {
	var out strings.Builder
	for i, w := range weight {
		if w > 0 {
			if out.Len() == 0 {
				out.Grow(len(weight) * 11)
			} else {
				out.WriteByte(';')
			}
			out.WriteString(a.starts[i])
		}
	}
	return out.String()
}

// lastClear is the first day of the newest dekad with a clear look.
func (a *yearAxis) lastClear(weight []float64) string {
	for i := len(weight) - 1; i >= 0; i-- {
		if weight[i] > 0 {
			return a.starts[i]
		}
	}
	return ""
}
