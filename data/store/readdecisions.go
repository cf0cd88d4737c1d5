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

// Statistics are a run's numbers that name nobody.
type Statistics struct {
	Run             int32            `json:"run"`
	Parcels         int64            `json:"parcels"`
	AreaM2          float64          `json:"area_m2"`
	GrowersAdmitted int64            `json:"growers_admitted"`
	LimitFen        int64            `json:"limit_fen"`
	Crops           []CropArea       `json:"crops" db:"-"`
	Outcomes        map[string]int64 `json:"outcomes" db:"-"`
	Findings        map[string]int64 `json:"findings" db:"-"`
}

// CropArea is how much of a crop stands, as seen.
type CropArea struct {
	Crop   string  `json:"crop"`
	Plots  int64   `json:"plots"`
	AreaM2 float64 `json:"area_m2"`
}

// Statistics counts a run.
func (s *Store) Statistics(ctx context.Context, a Asker, run int32) (Statistics, error) {
	st, err := one[Statistics](ctx, s, a, `SELECT $1::int, (SELECT count(*) FROM parus.parcel WHERE run = $1), (SELECT coalesce(sum(area_m2), 0) FROM parus.parcel WHERE run = $1),
		count(*), coalesce(sum(limit_fen), 0)::bigint FROM parus.decision WHERE run = $1 AND outcome = 'admit'`, run)
	if err != nil {
		return st, err
	}
	st.Crops, err = all[CropArea](ctx, s, a, `SELECT crop, count(*), sum(area) FROM (SELECT DISTINCT ON (plot_id) plot_id, crop FROM parus.cycle WHERE run = $1 AND crop IS NOT NULL AND assessable
		ORDER BY plot_id, current DESC, cycle DESC) c JOIN (SELECT plot_id, sum(area_m2) AS area FROM parus.parcel WHERE run = $1 GROUP BY plot_id) p USING (plot_id) GROUP BY crop ORDER BY 3 DESC, 1`, run)
	if err != nil {
		return st, err
	}
	for query, into := range map[string]*map[string]int64{
		"SELECT outcome, count(*) FROM parus.decision WHERE run = $1 GROUP BY 1": &st.Outcomes,
		"SELECT code, count(*) FROM parus.finding WHERE run = $1 GROUP BY 1":     &st.Findings,
	} {
		type count struct {
			Name string
			N    int64
		}
		counts, err := all[count](ctx, s, a, query, run)
		if err != nil {
			return st, err
		}
		*into = map[string]int64{}
		for _, c := range counts {
			(*into)[c.Name] = c.N
		}
	}
	return st, nil
}
