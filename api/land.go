package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// page is one part of a list; Next is empty at its end.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// pageOf reads which part is wanted.
func pageOf(limit *int, cursor *string) (store.Page, error) {
	p := store.Page{Limit: pageDefault, After: deref(cursor)}
	if limit != nil {
		p.Limit = *limit
	}
	if p.Limit < 1 || p.Limit > pageMost {
		return p, fmt.Errorf("%w: limit must lie in 1–%d", errQuestion, pageMost)
	}
	p.Limit++ // one more tells whether there is a next page
	return p, nil
}

// paged cuts the row that tells of a next page off.
func paged[T any](rows []T, p store.Page, key func(T) string) page[T] {
	if len(rows) < p.Limit {
		return page[T]{Items: append([]T{}, rows...)}
	}
	rows = rows[:p.Limit-1]
	return page[T]{Items: rows, Next: key(rows[len(rows)-1])}
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// inCounty answers with what a run of a county holds; no run = the newest.
func (s *server) inCounty(c *gin.Context, county string, run *int32, ask func(run int32) (any, error)) {
	found, err := s.Store.Run(c.Request.Context(), asker(c), county, deref(run))
	s.ofRun(c, found, err, ask)
}

// with answers with what the run holds in which a parcel, plot or decision stands.
func (s *server) with(c *gin.Context, kind, id string, run *int32, ask func(run int32) (any, error)) {
	found, err := s.Store.RunWith(c.Request.Context(), asker(c), kind, id, deref(run))
	s.ofRun(c, found, err, ask)
}

func (s *server) ofRun(c *gin.Context, run store.Run, err error, ask func(run int32) (any, error)) {
	var found any
	if err == nil {
		found, err = ask(run.ID)
	}
	s.answer(c, found, err)
}

func (s *server) ListColleagues(c *gin.Context, q contract.ListColleaguesParams) {
	found, err := s.Store.Colleagues(c.Request.Context(), asker(c), q.County)
	s.answer(c, append([]store.Colleague{}, found...), err)
}

func (s *server) ListCounties(c *gin.Context) {
	found, err := s.Store.Counties(c.Request.Context(), asker(c))
	s.answer(c, append([]store.County{}, found...), err)
}

func (s *server) ListRuns(c *gin.Context, q contract.ListRunsParams) {
	found, err := s.Store.Runs(c.Request.Context(), asker(c), q.County)
	s.answer(c, append([]store.Run{}, found...), err)
}

func (s *server) ListParcels(c *gin.Context, q contract.ListParcelsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	where := store.ParcelQuery{PlotID: deref(q.PlotId), GrowerID: deref(q.GrowerId)}
	if q.Bbox != nil {
		if where.Box, err = boxOf(*q.Bbox); err != nil {
			s.answer(c, nil, err)
			return
		}
	}
	s.inCounty(c, q.County, q.Run, func(run int32) (any, error) {
		found, err := s.Store.Parcels(c.Request.Context(), asker(c), run, where, p)
		return paged(found, p, func(r store.Parcel) string { return r.ParcelID }), err
	})
}

// boxOf reads west,south,east,north in degrees.
func boxOf(text string) (*[4]float64, error) {
	parts := strings.Split(text, ",")
	var box [4]float64
	for i := range box {
		if len(parts) != len(box) {
			return nil, fmt.Errorf("%w: bbox takes four numbers: west,south,east,north", errQuestion)
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		if most := []float64{180, 90}[i%2]; err != nil || !(v >= -most && v <= most) {
			return nil, fmt.Errorf("%w: bbox: %q is no degree", errQuestion, parts[i])
		}
		box[i] = v
	}
	if box[0] > box[2] || box[1] > box[3] {
		return nil, fmt.Errorf("%w: bbox: west and south come first", errQuestion)
	}
	return &box, nil
}

func (s *server) GetParcel(c *gin.Context, id string, q contract.GetParcelParams) {
	s.with(c, "parcel", id, q.Run, func(run int32) (any, error) { return s.Store.Parcel(c.Request.Context(), asker(c), run, id) })
}

func (s *server) GetPlot(c *gin.Context, id string, q contract.GetPlotParams) {
	s.with(c, "plot", id, q.Run, func(run int32) (any, error) { return s.Store.Plot(c.Request.Context(), asker(c), run, id) })
}

func (s *server) GetSeries(c *gin.Context, id string, q contract.GetSeriesParams) {
	s.with(c, "plot", id, q.Run, func(run int32) (any, error) { return s.Store.Series(c.Request.Context(), asker(c), run, id) })
}
