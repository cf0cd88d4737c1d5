package api

import (
	"encoding/json"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/rundir"
)

// ListModels gives the models of a run with the cards of those that the service
// has, and then the service's others.
func (s *server) ListModels(c *gin.Context, q contract.ListModelsParams) {
	s.inCounty(c, q.County, q.Run, func(run int32) (any, error) {
		used, err := s.Store.RunModels(c.Request.Context(), asker(c), run)
		if err != nil {
			return nil, err
		}
		out, seen := []contract.Model{}, map[string]bool{}
		for _, m := range used {
			card, err := s.card(m)
			if err != nil {
				return nil, err
			}
			seen[m.SHA256] = true
			out = append(out, contract.Model{Name: m.Name, Version: m.Version, Sha256: m.SHA256, InRun: true, Here: card != nil, Card: card})
		}
		for _, name := range s.Models.Names() {
			m, err := s.Models.Card(name)
			if err != nil {
				return nil, err
			}
			if seen[m.SHA256] {
				continue
			}
			text, err := json.Marshal(m)
			if err != nil {
				return nil, err
			}
			card := json.RawMessage(text)
			out = append(out, contract.Model{Name: m.Name, Version: m.Version, Sha256: m.SHA256, Here: true, Card: &card})
		}
		return out, nil
	})
}

// card is the card of the very file that a run used; nil where the service has another.
func (s *server) card(m rundir.Model) (*json.RawMessage, error) {
	for _, name := range s.Models.Names() {
		card, err := s.Models.Card(name)
		if err != nil {
			return nil, err
		}
		if card.SHA256 == m.SHA256 {
			text, err := json.Marshal(card)
			raw := json.RawMessage(text)
			return &raw, err
		}
	}
	return nil, nil
}
