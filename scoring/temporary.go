package scoring

import (
	"errors"
	"fmt"
	"sort"
)

// TemporaryRaise asks for more than the decided limit for some days. The same
// request ID sent twice is one request.
type TemporaryRaise struct {
	RequestID  string `json:"request_id"`
	DecisionID string `json:"decision_id"`
	Amount     Fen    `json:"amount_fen"`
	From       Date   `json:"from"`
	To         Date   `json:"to"` // last day
	AskedBy    string `json:"asked_by"`
	ApprovedBy string `json:"approved_by"`
}

// TemporaryLimit is the limit of an admitted decision on a day, with the raises
// that hold on it. A raise needs a second person, days, and an amount; together
// raises never lift the limit above what the product's cap and the quota leave,
// nor by more than the credit policy's share of the limit.
//
// Errors name the request: one ID with two contents, a raise for another
// decision, one without days, amount or second person.
func TemporaryLimit(d Decision, requests []TemporaryRaise, most Prob, day Date) (Fen, error) {
	if d.Outcome != Admit && len(requests) > 0 {
		return 0, fmt.Errorf("raise the limit of decision %s: it is %s, only an admitted one can be raised", d.ID, d.Outcome)
	}
	byID := map[string]TemporaryRaise{}
	for _, r := range requests {
		if before, seen := byID[r.RequestID]; seen && before != r {
			return 0, fmt.Errorf("temporary raise %s: sent twice with different contents; send the second under its own ID", r.RequestID)
		}
		if err := r.check(d); err != nil {
			return 0, fmt.Errorf("temporary raise %s: %w", r.RequestID, err)
		}
		byID[r.RequestID] = r
	}
	ids := sortedKeys(byID)
	sort.Strings(ids)
	var more Fen
	for _, id := range ids {
		if r := byID[id]; !day.Before(r.From) && !day.After(r.To) {
			more += r.Amount
		}
	}
	var s sum
	s.add(int64(d.Limit), int64(most))
	more = min(more, s.down(10_000))
	for _, c := range d.Constraints {
		if (c.Name == "cap" || c.Name == "quota") && c.Applies {
			more = min(more, max(c.Net-d.Limit, 0))
		}
	}
	return d.Limit + more, nil
}

func (r TemporaryRaise) check(d Decision) error {
	switch {
	case r.RequestID == "":
		return errors.New("it has no request ID: give each request its own, and the same again when it is sent again")
	case r.DecisionID != d.ID:
		return fmt.Errorf("it is for decision %s, not %s", r.DecisionID, d.ID)
	case r.Amount <= 0:
		return errors.New("its amount must be above 0")
	case r.From.IsZero() || r.To.IsZero() || r.To.Before(r.From):
		return errors.New("it needs a first and a last day")
	case r.ApprovedBy == "" || r.ApprovedBy == r.AskedBy:
		return errors.New("a second person must approve it")
	}
	return nil
}
