package trial

import (
	"slices"

	"github.com/parus-lending/parus/models"
)

// Sure are the rows on which a crop could contradict a grower: assessable, the
// crop in service, and of at least some probability.
type Sure struct {
	From  float64
	Rows  int
	Right float64 // share
}

// sure counts them from several probabilities on.
func (v verdicts) sure(inService []string) (out []Sure) {
	top, right := models.Tops(v.truth, v.p)
	for _, from := range []float64{.6, .7, .75, .8, .85, .88, .9, .93, .95} {
		s := Sure{From: from}
		hits := 0
		for i := range v.truth {
			if named := slices.Index(v.p[i], slices.Max(v.p[i])); !v.assessable[i] || top[i] < from || !slices.Contains(inService, v.classes[named]) {
				continue
			}
			s.Rows++
			if right[i] {
				hits++
			}
		}
		if s.Rows == 0 {
			break
		}
		s.Right = share(hits, s.Rows)
		out = append(out, s)
	}
	return out
}
