package store

import (
	"context"
	"encoding/json"
	"strconv"
)

// Finding is a row of findings; N is its place in the run.
type Finding struct {
	N         int32   `json:"-"`
	GrowerID  *string `json:"grower_id,omitempty"`
	ParcelID  *string `json:"parcel_id,omitempty"`
	Code      string  `json:"code"`
	Severity  string  `json:"severity"`
	Detail    string  `json:"detail"`
	DetailZH  string  `json:"detail_zh"`
	Numbers   string  `json:"numbers"`
	Witnesses string  `json:"witnesses"`
}

// FindingQuery narrows a list of findings; empty fields do not.
type FindingQuery struct{ GrowerID, Code, Severity string }

// Findings lists what the cross-checks of a run found, in the run's order.
func (s *Store) Findings(ctx context.Context, a Asker, run int32, q FindingQuery, page Page) ([]Finding, error) {
	after := -1
	if page.After != "" {
		var err error
		if after, err = strconv.Atoi(page.After); err != nil {
			return nil, ErrCursor
		}
	}
	return all[Finding](ctx, s, a, `SELECT n, grower_id, parcel_id, code, severity, detail, detail_zh, numbers, witnesses FROM parus.finding
		WHERE run = $1 AND n > $2 AND ($3 = '' OR grower_id = $3) AND ($4 = '' OR code = $4) AND ($5 = '' OR severity = $5) ORDER BY n LIMIT $6`,
		run, after, q.GrowerID, q.Code, q.Severity, page.Limit)
}

// Decision is a row of decisions; Trace only where one is asked for.
type Decision struct {
	DecisionID   string          `json:"decision_id"`
	Run          int32           `json:"run"`
	County       string          `json:"county"`
	GrowerID     string          `json:"grower_id"`
	Season       string          `json:"season"`
	AsOf         string          `json:"as_of"`
	Outcome      string          `json:"outcome"`
	LimitFen     int64           `json:"limit_fen"`
	Binding      string          `json:"binding"`
	TenorEnd     *string         `json:"tenor_end,omitempty"`
	RateBP       int32           `json:"rate_bp"`
	Reasons      []string        `json:"reasons"`
	RestsOn      string          `json:"rests_on"`
	AreaMu       float64         `json:"area_mu"`
	Plots        []string        `json:"plots"`
	CreditPolicy string          `json:"credit_policy"`
	Models       []string        `json:"models"`
	Evidence     string          `json:"evidence_sha256"`
	Trace        json.RawMessage `json:"trace,omitempty"`
}

// DecisionQuery narrows a list of decisions; empty fields do not.
type DecisionQuery struct{ Outcome, GrowerID string }

const decisionColumns = `SELECT decision_id, run, county, grower_id, season, as_of::text, outcome, limit_fen, binding, tenor_end::text, rate_bp, reasons, rests_on, area_mu,
	plots, credit_policy, models, evidence_sha256, `

// Decisions lists the decisions of a run in the order of their IDs.
func (s *Store) Decisions(ctx context.Context, a Asker, run int32, q DecisionQuery, page Page) ([]Decision, error) {
	return all[Decision](ctx, s, a, decisionColumns+`NULL::json FROM parus.decision WHERE run = $1 AND decision_id > $2 AND ($3 = '' OR outcome = $3) AND ($4 = '' OR grower_id = $4)
		ORDER BY decision_id LIMIT $5`, run, page.After, q.Outcome, q.GrowerID, page.Limit)
}

// Decision is one decision with its trace.
func (s *Store) Decision(ctx context.Context, a Asker, run int32, id string) (Decision, error) {
	return one[Decision](ctx, s, a, decisionColumns+"trace FROM parus.decision WHERE run = $1 AND decision_id = $2", run, id)
}

// DecisionIDs are those of all decisions of a run.
func (s *Store) DecisionIDs(ctx context.Context, a Asker, run int32) ([]string, error) {
	return one1[[]string](ctx, s, a, "SELECT coalesce(array_agg(decision_id), '{}') FROM parus.decision WHERE run = $1", run)
}
