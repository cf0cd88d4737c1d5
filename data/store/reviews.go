package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Relief asks to put a limit's last day off.
type Relief struct {
	ID           int64           `json:"id"`
	County       string          `json:"county"`
	Limit        int64           `json:"limit"`
	GrowerID     string          `json:"grower_id"`
	Why          string          `json:"why"`
	AskedUntil   string          `json:"asked_until"`
	OfferedUntil *string         `json:"offered_until,omitempty"` // what the credit policy's relief gives
	Offer        json.RawMessage `json:"offer"`
	AskedBy      string          `json:"asked_by"`
	At           time.Time       `json:"at"`
	State        string          `json:"state"`
	Until        *string         `json:"until,omitempty"`
	DecidedBy    *string         `json:"decided_by,omitempty"`
	DecidedAt    *time.Time      `json:"decided_at,omitempty"`
	DecidedWhy   *string         `json:"decided_why,omitempty"`
}

const reliefColumns = `SELECT id, county, credit_limit, grower_id, why, asked_until::text, offered_until::text, offer, asked_by, at, state, until::text, decided_by, decided_at, decided_why FROM parus.relief `

// AskRelief asks to put a limit off; offered (empty = nothing) and offer are what
// the credit policy gives today.
func (s *Store) AskRelief(ctx context.Context, a Asker, key string, limit int64, until, why, offered string, offer json.RawMessage) (json.RawMessage, error) {
	var day *string
	if offered != "" {
		day = &offered
	}
	return s.write(ctx, a, key, []any{"relief", limit, until, why}, func(tx pgx.Tx) (any, entry, error) {
		var id int64
		if err := tx.QueryRow(ctx, "INSERT INTO parus.relief (credit_limit, why, asked_until, offered_until, offer) VALUES ($1, $2, $3, $4, $5) RETURNING id", limit, why, until, day, offer).Scan(&id); err != nil {
			return nil, entry{}, fmt.Errorf("relief of limit %d: %w", limit, err)
		}
		made, err := rowOf[Relief](ctx, tx, reliefColumns+"WHERE id = $1", id)
		return made, entry{made.County, "ask_relief", subjectOf("limit", limit), map[string]any{"relief": id, "until": until, "offered": day}}, err
	})
}

// Reliefs lists what was asked in a county, the newest first.
func (s *Store) Reliefs(ctx context.Context, a Asker, county string, page Page) ([]Relief, error) {
	after, err := afterID(page)
	if err != nil {
		return nil, err
	}
	return all[Relief](ctx, s, a, reliefColumns+"WHERE county = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3", county, after, page.Limit)
}

// DecideRelief grants a day or refuses: state is granted or refused.
func (s *Store) DecideRelief(ctx context.Context, a Asker, key string, id int64, state string, until *string, why string) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"decide relief", id, state, until, why}, func(tx pgx.Tx) (any, entry, error) {
		if err := change(ctx, tx, "UPDATE parus.relief SET state = $2, until = $3, decided_why = $4 WHERE id = $1", id, state, until, why); err != nil {
			return nil, entry{}, fmt.Errorf("decide relief %d: %w", id, err)
		}
		now, err := rowOf[Relief](ctx, tx, reliefColumns+"WHERE id = $1", id)
		return now, entry{now.County, "decide_relief", subjectOf("relief", id), map[string]any{"state": state, "until": until}}, err
	})
}

// HumanReview is a grower's wish that a person looks again.
type HumanReview struct {
	ID          int64      `json:"id"`
	County      string     `json:"county"`
	GrowerID    string     `json:"grower_id"`
	Application *int64     `json:"application,omitempty"`
	DecisionID  string     `json:"decision_id"`
	Run         int32      `json:"run"`
	Why         string     `json:"why"`
	AskedBy     string     `json:"asked_by"`
	At          time.Time  `json:"at"`
	State       string     `json:"state"`
	DecidedBy   *string    `json:"decided_by,omitempty"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
	DecidedWhy  *string    `json:"decided_why,omitempty"`
}

const humanReviewColumns = "SELECT id, county, grower_id, application, decision_id, run, why, asked_by, at, state, decided_by, decided_at, decided_why FROM parus.human_review "

// AskHumanReview brings a grower's wish: of a refused application, or (without
// one) of a decision that the machine made.
func (s *Store) AskHumanReview(ctx context.Context, a Asker, key string, application *int64, decision string, run int32, why string) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"human review", application, decision, run, why}, func(tx pgx.Tx) (any, entry, error) {
		var id int64
		if err := tx.QueryRow(ctx, "INSERT INTO parus.human_review (application, decision_id, run, why) VALUES ($1, $2, $3, $4) RETURNING id", application, decision, run, why).Scan(&id); err != nil {
			return nil, entry{}, fmt.Errorf("human review: %w", err)
		}
		made, err := rowOf[HumanReview](ctx, tx, humanReviewColumns+"WHERE id = $1", id)
		return made, entry{made.County, "ask_human_review", subjectOf("human review", id), map[string]any{"application": application, "decision_id": made.DecisionID}}, err
	})
}

// HumanReviews lists what growers asked in a county, the newest first.
func (s *Store) HumanReviews(ctx context.Context, a Asker, county string, page Page) ([]HumanReview, error) {
	after, err := afterID(page)
	if err != nil {
		return nil, err
	}
	return all[HumanReview](ctx, s, a, humanReviewColumns+"WHERE county = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3", county, after, page.Limit)
}

// DecideHumanReview upholds or overturns, with the explanation that the grower
// gets; an overturned refusal is taken up again.
func (s *Store) DecideHumanReview(ctx context.Context, a Asker, key string, id int64, state, why string) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"decide human review", id, state, why}, func(tx pgx.Tx) (any, entry, error) {
		if err := change(ctx, tx, "UPDATE parus.human_review SET state = $2, decided_why = $3 WHERE id = $1", id, state, why); err != nil {
			return nil, entry{}, fmt.Errorf("decide human review %d: %w", id, err)
		}
		now, err := rowOf[HumanReview](ctx, tx, humanReviewColumns+"WHERE id = $1", id)
		if err == nil && state == "overturned" && now.Application != nil {
			_, _, err = act(ctx, tx, *now.Application, Acting{Act: "reopen", Why: why})
		}
		return now, entry{now.County, "decide_human_review", subjectOf("human review", id), map[string]any{"state": state, "application": now.Application}}, err
	})
}

// ApprovalRule says above which amount a second person approves in a county.
type ApprovalRule struct {
	ID          int64      `json:"id"`
	County      string     `json:"county"`
	FromFen     int64      `json:"from_fen"`
	Why         string     `json:"why"`
	ProposedBy  string     `json:"proposed_by"`
	ProposedAt  time.Time  `json:"proposed_at"`
	ConfirmedBy *string    `json:"confirmed_by,omitempty"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	Holds       bool       `json:"holds"`
}

const ruleColumns = `SELECT id, county, from_fen, why, proposed_by, proposed_at, confirmed_by, confirmed_at,
	id = (SELECT id FROM parus.approval_rule r WHERE r.county = approval_rule.county AND confirmed_by IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1) IS TRUE FROM parus.approval_rule `

// ApprovalRules lists a county's rules, the newest first.
func (s *Store) ApprovalRules(ctx context.Context, a Asker, county string) ([]ApprovalRule, error) {
	return all[ApprovalRule](ctx, s, a, ruleColumns+"WHERE county = $1 ORDER BY id DESC LIMIT 100", county)
}

// ProposeApprovalRule proposes a threshold, which holds once somebody else
// confirms it.
func (s *Store) ProposeApprovalRule(ctx context.Context, a Asker, key, county string, fromFen int64, why string) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"approval rule", county, fromFen, why}, func(tx pgx.Tx) (any, entry, error) {
		var id int64
		if err := tx.QueryRow(ctx, "INSERT INTO parus.approval_rule (county, from_fen, why) VALUES ($1, $2, $3) RETURNING id", county, fromFen, why).Scan(&id); err != nil {
			return nil, entry{}, fmt.Errorf("propose an approval rule: %w", err)
		}
		made, err := rowOf[ApprovalRule](ctx, tx, ruleColumns+"WHERE id = $1", id)
		return made, entry{county, "propose_approval_rule", subjectOf("approval rule", id), map[string]any{"from_fen": fromFen}}, err
	})
}

// ConfirmApprovalRule lets a proposed rule hold.
func (s *Store) ConfirmApprovalRule(ctx context.Context, a Asker, id int64) (json.RawMessage, error) {
	return s.write(ctx, a, "", nil, func(tx pgx.Tx) (any, entry, error) {
		if err := change(ctx, tx, "UPDATE parus.approval_rule SET confirmed_by = parus.asker() WHERE id = $1", id); err != nil {
			return nil, entry{}, fmt.Errorf("confirm approval rule %d: %w", id, err)
		}
		now, err := rowOf[ApprovalRule](ctx, tx, ruleColumns+"WHERE id = $1", id)
		return now, entry{now.County, "confirm_approval_rule", subjectOf("approval rule", id), map[string]any{"from_fen": now.FromFen}}, err
	})
}

// SetApprovalRule is for who sets a county up, as the owner of the store: two
// people who agreed on it.
func (s *Store) SetApprovalRule(ctx context.Context, county string, fromFen int64, why string, people [2]string) error {
	for i, id := range people {
		role := [2]string{"risk_manager", "approver"}[i]
		a := Asker{ID: id, Role: role, Counties: []string{county}}
		rules, err := s.ApprovalRules(ctx, a, county)
		switch {
		case err != nil:
			return err
		case i == 0 && len(rules) > 0:
			return nil
		case i == 0:
			_, err = s.ProposeApprovalRule(ctx, a, "", county, fromFen, why)
		case len(rules) == 0:
			err = errors.New("the proposed rule is not there")
		default:
			_, err = s.ConfirmApprovalRule(ctx, a, rules[0].ID)
		}
		if err != nil {
			return fmt.Errorf("set the approval rule of county %s: %w", county, err)
		}
	}
	return nil
}
