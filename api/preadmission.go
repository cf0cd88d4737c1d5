package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
)

// A run is asked for pre-admission up to so many days after its as-of day, where
// the asker says nothing else.
const (
	defaultAge = 400
	mostAge    = 3650
)

// preAdmission says where a person is admitted, and where nobody could say.
type preAdmission struct {
	Counties []string         `json:"counties"`
	Admitted []store.Admitted `json:"admitted"`
	NotAsked []askableCounty  `json:"not_asked"`
	Degraded bool             `json:"degraded"`
}

type askableCounty struct {
	County   string `json:"county"`
	Run      int32  `json:"run,omitempty"`
	AsOf     string `json:"as_of,omitempty"`
	Season   string `json:"season,omitempty"`
	Askable  bool   `json:"askable"`
	Why      string `json:"why,omitempty"`
	Admitted int64  `json:"admitted"`
}

func ageOf(days *int) (int, error) {
	if days == nil {
		return defaultAge, nil
	}
	if *days < 1 || *days > mostAge {
		return 0, fmt.Errorf("%w: max_age_days must lie in 1–%d", errQuestion, mostAge)
	}
	return *days, nil
}

// askable says of each county whether its newest run may be asked today.
func askable(counties []string, newest []store.Newest, age int) (out []askableCounty) {
	for _, code := range counties {
		c := askableCounty{County: code, Why: "no_run"}
		if i := slices.IndexFunc(newest, func(n store.Newest) bool { return n.County == code }); i >= 0 {
			n := newest[i]
			c = askableCounty{County: code, Run: n.Run, AsOf: n.AsOf, Season: n.Season, Admitted: n.Admitted, Askable: true}
			asOf, err := parcels.ParseDate(n.AsOf)
			today, bad := parcels.ParseDate(n.Today)
			if err != nil || bad != nil || asOf.Before(today.Add(-age)) {
				c.Askable, c.Why = false, "too_old"
			}
		}
		out = append(out, c)
	}
	return out
}

// ListPreAdmission says which counties may be asked.
func (s *server) ListPreAdmission(c *gin.Context, q contract.ListPreAdmissionParams) {
	age, err := ageOf(q.MaxAgeDays)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	newest, err := s.Store.NewestRuns(c.Request.Context(), asker(c), s.now())
	s.answer(c, askable(sortedOnce(asker(c).Counties), newest, age), err)
}

// AskPreAdmission says in which counties a person is admitted.
func (s *server) AskPreAdmission(c *gin.Context) {
	var body contract.AskPreAdmissionJSONBody
	a := asker(c)
	err := errors.Join(question(c, &body), inLength("number", body.Number, 15, 18), plain("number", body.Number))
	age, wrong := ageOf(body.MaxAgeDays)
	err = errors.Join(err, wrong)
	counties := a.Counties
	if body.Counties != nil {
		counties = *body.Counties
		for _, code := range counties {
			if !sixDigits(code) {
				err = errors.Join(err, fmt.Errorf("%w: counties: not six digits (GB/T 2260)", errQuestion))
				break
			}
		}
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	if err := identity.Check(body.Number); err != nil { // the number itself is not repeated
		fail(c, http.StatusUnprocessableEntity, "bad-number", "this is no ID number or credit code", "check its digits")
		return
	}
	if s.Identity.IsZero() {
		fail(c, http.StatusServiceUnavailable, "no-identity-key", "people cannot be found here", "parus serve needs the lender's identity key (--key)")
		return
	}
	counties = sortedOnce(slices.DeleteFunc(slices.Clone(counties), func(code string) bool { return !slices.Contains(a.Counties, code) })) // another's are as if they were not
	out := preAdmission{Counties: []string{}, Admitted: []store.Admitted{}, NotAsked: []askableCounty{}}
	found, err := s.Store.AdmittedIn(c.Request.Context(), a, s.now(), s.Identity.GrowerID(body.Number), func(newest []store.Newest) (runs []int32, detail any) {
		for _, k := range askable(counties, newest, age) {
			if k.Askable {
				runs = append(runs, k.Run)
			} else {
				out.NotAsked = append(out.NotAsked, k)
			}
		}
		return runs, map[string]int{"asked": len(runs), "not_asked": len(out.NotAsked)}
	})
	out.Degraded = len(out.NotAsked) > 0
	if err == nil && out.Degraded && body.Degrade != nil && !*body.Degrade {
		var codes []string
		for _, k := range out.NotAsked[:min(len(out.NotAsked), 20)] {
			codes = append(codes, k.County+" "+k.Why)
		}
		fail(c, http.StatusServiceUnavailable, "not-all-asked", fmt.Sprintf("%d counties cannot be asked", len(out.NotAsked)), strings.Join(codes, ", "))
		return
	}
	for _, f := range found {
		out.Counties, out.Admitted = append(out.Counties, f.County), append(out.Admitted, f)
	}
	s.answer(c, out, err)
}

func sortedOnce(codes []string) []string {
	out := slices.Sorted(slices.Values(codes))
	return slices.Compact(out)
}
