package api

import (
	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

func (s *server) GetNeighbours(c *gin.Context, id string, q contract.GetNeighboursParams) {
	s.with(c, "plot", id, q.Run, func(run int32) (any, error) { return s.Store.Neighbours(c.Request.Context(), asker(c), run, id) })
}

// GetPast leaves decisions out for clerks, who may not read them.
func (s *server) GetPast(c *gin.Context, id string, q contract.GetPastParams) {
	s.with(c, "plot", id, q.Run, func(run int32) (any, error) {
		return s.Store.Past(c.Request.Context(), asker(c), run, id, asker(c).Role != "clerk")
	})
}

func (s *server) GetWitnesses(c *gin.Context, id string, q contract.GetWitnessesParams) {
	s.with(c, "plot", id, q.Run, func(run int32) (any, error) { return s.Store.Witnesses(c.Request.Context(), asker(c), run, id) })
}

func (s *server) GetGrower(c *gin.Context, id string, q contract.GetGrowerParams) {
	if s.Seal == nil {
		s.answer(c, nil, store.ErrNoPerson)
		return
	}
	p, err := s.Store.MaskedPerson(c.Request.Context(), s.Seal, asker(c), q.County, id)
	s.answer(c, person{id, p}, err)
}
