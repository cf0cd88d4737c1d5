package api

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// mostStatistics bounds what is kept of runs already counted, in bytes.
const mostStatistics = 32 << 20

// statistics are a run's numbers that name nobody.
type statistics struct {
	store.Statistics
	FirstTime *int64           `json:"growers_first_time,omitempty"` // of those judged, without any loan on record
	Portfolio *store.Portfolio `json:"portfolio,omitempty"`
}

// GetStatistics counts a run: once, since a published run never changes.
func (s *server) GetStatistics(c *gin.Context, q contract.GetStatisticsParams) {
	ctx, a := c.Request.Context(), asker(c)
	run, err := s.Store.Run(ctx, a, q.County, deref(q.Run))
	var st statistics
	if err == nil {
		st, err = s.counted.of(ctx, keyOf(run), func(ctx context.Context) (statistics, int, error) { return s.count(ctx, a, run) })
	}
	if err == nil && slices.Contains(s.roles["GET /v1/decisions"], a.Role) { // the portfolio moves, the run does not
		st.Portfolio, err = s.Store.Portfolio(ctx, a, run.County)
	}
	s.answer(c, st, err)
}

// ListPlaces names the towns and villages of a run.
func (s *server) ListPlaces(c *gin.Context, q contract.ListPlacesParams) {
	s.inCounty(c, q.County, q.Run, func(run int32) (any, error) {
		names, err := s.Store.Places(c.Request.Context(), asker(c), run)
		return gin.H{"run": run, "names": names}, err
	})
}

func (s *server) count(ctx context.Context, a store.Asker, run store.Run) (st statistics, bytes int, err error) {
	if st.Statistics, err = s.Store.Statistics(ctx, a, run.ID); err != nil {
		return st, 0, err
	}
	ready, err := s.ready(ctx, a, run)
	if err != nil {
		return st, 0, err
	}
	n, told := int64(0), false
	for _, g := range ready.Applicants() {
		first, known := ready.FirstTime(g)
		if told = known; first {
			n++
		}
	}
	if told && n >= store.LeastGrowers && st.Judged-n >= store.LeastGrowers {
		st.FirstTime = &n
	}
	text, err := json.Marshal(st)
	return st, 2 * len(text), err
}
