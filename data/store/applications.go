package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Application is a grower's application for a limit, with what the machine
// decided and how far people have come with it.
type Application struct {
	ID             int64     `json:"id"`
	County         string    `json:"county"`
	Run            int32     `json:"run"`
	DecisionID     string    `json:"decision_id"`
	GrowerID       string    `json:"grower_id"`
	Season         string    `json:"season"`
	Product        string    `json:"product"`
	Industry       string    `json:"industry"`
	Purpose        string    `json:"purpose"`
	AskedFen       int64     `json:"asked_fen"`
	AskedUntil     string    `json:"asked_until"`
	MachineOutcome string    `json:"machine_outcome"`
	MachineFen     int64     `json:"machine_fen"`
	MachineUntil   *string   `json:"machine_until,omitempty"`
	RateBP         int32     `json:"rate_bp"`
	Alert          int32     `json:"alert"`
	State          string    `json:"state"`
	Version        int32     `json:"version"`
	ProposedFen    *int64    `json:"proposed_fen,omitempty"`
	ProposedUntil  *string   `json:"proposed_until,omitempty"`
	Overrides      *string   `json:"overrides,omitempty"`
	At             time.Time `json:"at"`
	AppliedBy      string    `json:"applied_by"`
}

const applicationColumns = `SELECT id, county, run, decision_id, grower_id, season, product, industry, purpose, asked_fen, asked_until::text, machine_outcome, machine_fen, machine_until::text,
	rate_bp, alert, state, version, proposed_fen, proposed_until::text, overrides, at, applied_by FROM parus.application `

// ApplicationEvent is one act on an application.
type ApplicationEvent struct {
	At         time.Time `json:"at"`
	Asker      string    `json:"asker"`
	Role       string    `json:"role"`
	Act        string    `json:"act"`
	From       string    `json:"from_state"`
	To         string    `json:"to_state"`
	AmountFen  *int64    `json:"amount_fen,omitempty"`
	Until      *string   `json:"until,omitempty"`
	ReasonCode *string   `json:"reason_code,omitempty"`
	Why        string    `json:"why,omitempty"`
}

// ApplicationSheet is an application with all that happened to it.
type ApplicationSheet struct {
	Application
	Events       []ApplicationEvent `json:"events"`
	Tasks        []Task             `json:"tasks"`
	Surveys      []Survey           `json:"surveys"`
	Limit        *Limit             `json:"limit,omitempty"`
	HumanReviews []HumanReview      `json:"human_reviews"`
	Today        string             `json:"today"`         // by the county's calendar
	ThresholdFen int64              `json:"threshold_fen"` // above it two people approve
	May          []string           `json:"may"`           // acts the asker may do now
	Barred       []string           `json:"barred"`        // acts his role has, but his own part in it bars
}

// Applying is what an application is made of. The decision is one of the run, or
// one that was asked for.
type Applying struct {
	County, GrowerID, DecisionID       string
	Run                                int32
	Product, Industry, Purpose, Season string `json:",omitempty"`
	AskedFen                           int64
	AskedUntil                         string
}

// Apply makes an application in the asker's name, with its survey task.
func (s *Store) Apply(ctx context.Context, a Asker, key string, q Applying) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"apply", q}, func(tx pgx.Tx) (any, entry, error) {
		var id int64
		if err := tx.QueryRow(ctx, `INSERT INTO parus.application (county, run, decision_id, grower_id, product, industry, purpose, asked_fen, asked_until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, q.County, q.Run, q.DecisionID, q.GrowerID, q.Product, q.Industry, q.Purpose, q.AskedFen, q.AskedUntil).Scan(&id); err != nil {
			return nil, entry{}, fmt.Errorf("apply: %w", err)
		}
		made, err := rowOf[Application](ctx, tx, applicationColumns+"WHERE id = $1", id)
		return made, entry{q.County, "apply", subjectOf("application", id), map[string]any{"grower_id": q.GrowerID, "decision_id": q.DecisionID, "asked_fen": q.AskedFen}}, err
	})
}

func subjectOf(kind string, id int64) string { return kind + " " + strconv.FormatInt(id, 10) }

// Acting is one act on an application. Version, where given, is the one the
// asker saw: if it has changed since, nothing is done.
type Acting struct {
	Act        string
	Version    int32
	AmountFen  *int64
	Until      *string
	ReasonCode *string
	Why        string
}

// ErrStale is the answer where something was changed since the asker saw it.
var ErrStale = &Refusal{409, "stale", "it has changed since you saw it: look again"}

// Act does one act on an application.
func (s *Store) Act(ctx context.Context, a Asker, key string, id int64, q Acting) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"act", id, q}, func(tx pgx.Tx) (any, entry, error) { return act(ctx, tx, id, q) })
}

func act(ctx context.Context, tx pgx.Tx, id int64, q Acting) (any, entry, error) {
	was, err := rowOf[Application](ctx, tx, applicationColumns+"WHERE id = $1", id)
	if err != nil {
		return nil, entry{}, err
	}
	if q.Version != 0 && q.Version != was.Version {
		return nil, entry{}, ErrStale
	}
	if _, err := tx.Exec(ctx, "INSERT INTO parus.application_event (application, act, amount_fen, until, reason_code, why) VALUES ($1, $2, $3, $4, $5, $6)",
		id, q.Act, q.AmountFen, q.Until, q.ReasonCode, q.Why); err != nil {
		return nil, entry{}, fmt.Errorf("%s application %d: %w", q.Act, id, err)
	}
	now, err := rowOf[Application](ctx, tx, applicationColumns+"WHERE id = $1", id)
	if err == nil && q.Version != 0 && now.Version != q.Version+1 { // somebody else's act came between
		err = ErrStale
	}
	return now, entry{now.County, q.Act, subjectOf("application", id), map[string]any{"from": was.State, "to": now.State, "amount_fen": now.ProposedFen, "reason_code": q.ReasonCode}}, err
}

// ApplicationQuery narrows a list of applications; empty fields do not.
type ApplicationQuery struct{ County, State, GrowerID string }

// Applications lists a county's applications, the newest first.
func (s *Store) Applications(ctx context.Context, a Asker, q ApplicationQuery, page Page) ([]Application, error) {
	after, err := afterID(page)
	if err != nil {
		return nil, err
	}
	return all[Application](ctx, s, a, applicationColumns+"WHERE county = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR grower_id = $3) AND ($4 = 0 OR id < $4) ORDER BY id DESC LIMIT $5",
		q.County, q.State, q.GrowerID, after, page.Limit)
}

// afterID reads a cursor that is a row's number; 0 = from the beginning.
func afterID(page Page) (int64, error) {
	if page.After == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(page.After, 10, 64)
	if err != nil || id < 1 {
		return 0, ErrCursor
	}
	return id, nil
}

// ApplicationSheet is one application with its history, and what the asker may do.
func (s *Store) ApplicationSheet(ctx context.Context, a Asker, id int64) (out ApplicationSheet, err error) {
	if out.Application, err = one[Application](ctx, s, a, applicationColumns+"WHERE id = $1", id); err != nil {
		return out, err
	}
	if out.Events, err = all[ApplicationEvent](ctx, s, a, `SELECT at, asker, role, act, from_state, to_state, amount_fen, until::text, reason_code, why
		FROM parus.application_event WHERE application = $1 ORDER BY id`, id); err != nil {
		return out, err
	}
	if out.Tasks, err = all[Task](ctx, s, a, taskColumns+"WHERE application = $1 ORDER BY id", id); err != nil {
		return out, err
	}
	if out.Surveys, err = all[Survey](ctx, s, a, surveyColumns+"WHERE application = $1 ORDER BY id", id); err != nil {
		return out, err
	}
	if out.HumanReviews, err = all[HumanReview](ctx, s, a, humanReviewColumns+"WHERE application = $1 ORDER BY id", id); err != nil {
		return out, err
	}
	limits, err := all[Limit](ctx, s, a, limitColumns+"WHERE application = $1", id)
	if err != nil {
		return out, err
	}
	if len(limits) > 0 {
		out.Limit = &limits[0]
	}
	type day struct {
		Today     string
		Threshold int64
	}
	d, err := one[day](ctx, s, a, "SELECT parus.day_of($1)::text, parus.threshold($2)", out.Run, out.County)
	if err != nil {
		return out, err
	}
	out.Today, out.ThresholdFen = d.Today, d.Threshold
	var did []string
	for _, e := range out.Events {
		if e.Asker == a.ID {
			did = append(did, e.Act)
		}
	}
	may, barred := actsOf(out.State, a.Role, did)
	out.May, out.Barred = append([]string{}, may...), append([]string{}, barred...)
	return out, nil
}
