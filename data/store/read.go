package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNone is the answer where there is nothing that the asker may see: whether
// it does not exist or is another's is not told.
var ErrNone = errors.New("there is none that you may see")

// ErrCursor is the answer to a page that no list has given.
var ErrCursor = errors.New("this is no cursor of this list")

// Page says which rows of a list are wanted: up to Limit after the key After.
type Page struct {
	After string
	Limit int
}

// County is a county the asker may see.
type County struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Run is a published run.
type Run struct {
	ID        int32     `json:"id"`
	County    string    `json:"county"`
	Season    string    `json:"season"`
	AsOf      string    `json:"as_of"`
	Sample    bool      `json:"sample"`
	Published time.Time `json:"published"`
	BBox      []float64 `json:"bbox,omitempty"` // west, south, east, north of its land, degrees
}

// all collects the rows of a query asked by an asker: As in one journey to the
// database, which takes what a batch holds as one transaction.
func all[T any](ctx context.Context, s *Store, a Asker, query string, args ...any) (out []T, err error) {
	var b pgx.Batch
	b.Queue(sayWho, a.ID, a.Role, strings.Join(a.Counties, ","))
	b.Queue(query, args...)
	answers := s.pool.SendBatch(ctx, &b)
	defer func() {
		if end := answers.Close(); err == nil {
			err = end
		}
	}()
	if _, err := answers.Exec(); err != nil {
		return nil, fmt.Errorf("say who asks: %w", err)
	}
	rows, err := answers.Query()
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

// one is all for a query of one row; ErrNone where there is none.
func one[T any](ctx context.Context, s *Store, a Asker, query string, args ...any) (T, error) {
	found, err := all[T](ctx, s, a, query, args...)
	if err == nil && len(found) == 0 {
		err = ErrNone
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
}

// Counties are those the asker may see.
func (s *Store) Counties(ctx context.Context, a Asker) ([]County, error) {
	return all[County](ctx, s, a, "SELECT code, name FROM parus.county ORDER BY code")
}

const runColumns = "SELECT id, county, season, as_of::text, sample, published, bbox FROM parus.run "

// Runs are a county's, the newest first.
func (s *Store) Runs(ctx context.Context, a Asker, county string) ([]Run, error) {
	return all[Run](ctx, s, a, runColumns+"WHERE county = $1 ORDER BY as_of DESC, id DESC", county)
}

// runKey is a question about a run and all on which the database's answer
// rests: who sees it depends on his role and counties alone.
type runKey struct {
	role, counties, county string
	id                     int32
}

// Run finds a run by its number; 0 = the county's newest.
func (s *Store) Run(ctx context.Context, a Asker, county string, id int32) (Run, error) {
	return recall(&s.ear, &s.runs, &s.ear.runs, runKey{a.Role, strings.Join(a.Counties, ","), county, id}, func() (Run, error) {
		if id == 0 {
			return one[Run](ctx, s, a, runColumns+"WHERE county = $1 ORDER BY as_of DESC, id DESC LIMIT 1", county)
		}
		return one[Run](ctx, s, a, runColumns+"WHERE id = $1 AND county = $2", id, county)
	})
}

// RunWith finds the run that holds a parcel, plot or decision: the one by its
// number, or 0 = the newest.
func (s *Store) RunWith(ctx context.Context, a Asker, kind, key string, id int32) (Run, error) {
	where := map[string]string{
		"parcel":   "SELECT run FROM parus.parcel WHERE parcel_id = $1",
		"plot":     "SELECT run FROM parus.parcel WHERE plot_id = $1 UNION SELECT run FROM parus.parcel WHERE parcel_id = $1",
		"decision": "SELECT run FROM parus.decision WHERE decision_id = $1",
	}[kind]
	return one[Run](ctx, s, a, runColumns+"WHERE id IN ("+where+") AND ($2 = 0 OR id = $2) ORDER BY as_of DESC, id DESC LIMIT 1", key, id)
}

// Parcel is a row of parcels; Geometry only where one is asked for.
type Parcel struct {
	ParcelID string          `json:"parcel_id"`
	PlotID   string          `json:"plot_id"`
	GrowerID *string         `json:"grower_id,omitempty"`
	County   string          `json:"county"`
	Run      int32           `json:"run"`
	AreaM2   float64         `json:"area_m2"`
	AreaMu   float64         `json:"area_mu"`
	Geometry json.RawMessage `json:"geometry,omitempty"`
}

// ParcelQuery narrows a list of parcels; empty fields do not.
type ParcelQuery struct {
	PlotID, GrowerID string
	Box              *[4]float64 // west, south, east, north, degrees
}

const mu = 2000.0 / 3 // m²

// Parcels lists parcels of a run in the order of their IDs.
func (s *Store) Parcels(ctx context.Context, a Asker, run int32, q ParcelQuery, page Page) ([]Parcel, error) {
	query := `SELECT parcel_id, plot_id, grower_id, county, run, area_m2, area_m2 / $6, NULL::json FROM parus.parcel
		WHERE run = $1 AND parcel_id > $2 AND ($3 = '' OR plot_id = $3) AND ($4 = '' OR grower_id = $4)`
	args := []any{run, page.After, q.PlotID, q.GrowerID, page.Limit, mu}
	if q.Box != nil { // by the index, which row-level security keeps this query from (migration 0017)
		query += ` AND parcel_id = ANY (ARRAY(SELECT * FROM parus.parcels_in($1, $7, $8, $9, $10)))`
		args = append(args, q.Box[0], q.Box[1], q.Box[2], q.Box[3])
	}
	return all[Parcel](ctx, s, a, query+" ORDER BY parcel_id LIMIT $5", args...)
}

// Parcel is one parcel with its polygon.
func (s *Store) Parcel(ctx context.Context, a Asker, run int32, id string) (Parcel, error) {
	return one[Parcel](ctx, s, a, "SELECT parcel_id, plot_id, grower_id, county, run, area_m2, area_m2 / $3, ST_AsGeoJSON(geom, 7)::json FROM parus.parcel WHERE run = $1 AND parcel_id = $2", run, id, mu)
}

// Cycle is what grows on a plot.
type Cycle struct {
	Cycle           int32    `json:"cycle"`
	Emergence       *string  `json:"emergence,omitempty"`
	Peak            *string  `json:"peak,omitempty"`
	HarvestP25      *string  `json:"harvest_p25,omitempty"`
	HarvestP50      *string  `json:"harvest_p50,omitempty"`
	HarvestP75      *string  `json:"harvest_p75,omitempty"`
	Crop            *string  `json:"crop,omitempty"`
	CropProbability *float32 `json:"crop_probability,omitempty"`
	CropDeclared    *string  `json:"crop_declared,omitempty"`
	CropModel       *string  `json:"crop_model,omitempty"`
	InService       bool     `json:"in_service"`
	GrowthGrade     *int32   `json:"growth_grade,omitempty"`
	FAPARDays       *float32 `json:"fapar_days,omitempty"`
	LAIPeak         *float32 `json:"lai_peak,omitempty"`
	YieldP10        *float32 `json:"yield_p10_kg_mu,omitempty"`
	YieldP25        *float32 `json:"yield_p25_kg_mu,omitempty"`
	YieldP50        *float32 `json:"yield_p50_kg_mu,omitempty"`
	YieldP90        *float32 `json:"yield_p90_kg_mu,omitempty"`
	YieldBasis      *string  `json:"yield_basis,omitempty"`
	Complete        bool     `json:"complete"`
	Perennial       bool     `json:"perennial"`
	Current         bool     `json:"current"`
	Assessable      bool     `json:"assessable"`
	Reason          *string  `json:"reason,omitempty"`
	ClearDates      int32    `json:"clear_dates"`
}

// Plot is a plot with its parcels and cycles; also a parcel that stands alone.
type Plot struct {
	PlotID   string   `json:"plot_id"`
	GrowerID *string  `json:"grower_id,omitempty"`
	County   string   `json:"county"`
	Run      int32    `json:"run"`
	AreaM2   float64  `json:"area_m2"`
	AreaMu   float64  `json:"area_mu"`
	Parcels  []string `json:"parcels"`
	Cycles   []Cycle  `json:"cycles" db:"-"`
}

// Plot is one plot of a run.
func (s *Store) Plot(ctx context.Context, a Asker, run int32, id string) (Plot, error) {
	p, err := one[Plot](ctx, s, a, `SELECT plot_id, max(grower_id), max(county), run, sum(area_m2), sum(area_m2) / $3, array_agg(parcel_id ORDER BY parcel_id)
		FROM parus.parcel WHERE run = $1 AND plot_id = $2 GROUP BY run, plot_id`, run, id, mu)
	if err != nil {
		return p, err
	}
	p.Cycles, err = all[Cycle](ctx, s, a, `SELECT cycle, emergence::text, peak::text, harvest_p25::text, harvest_p50::text, harvest_p75::text, crop, crop_probability, crop_declared, crop_model, in_service,
		growth_grade, fapar_days, lai_peak, yield_p10_kg_mu, yield_p25_kg_mu, yield_p50_kg_mu, yield_p90_kg_mu, yield_basis, complete, perennial, current, assessable, reason, clear_dates
		FROM parus.cycle WHERE run = $1 AND plot_id = $2 ORDER BY cycle`, run, id)
	return p, err
}

// Series is the season of a plot: one array a variable along Dates, nil = not known.
type Series struct {
	PlotID string                `json:"plot_id"`
	Run    int32                 `json:"run"`
	Dates  []string              `json:"dates"`
	Values map[string][]*float32 `json:"values"`
}

// Series reads one plot's season.
func (s *Store) Series(ctx context.Context, a Asker, run int32, plot string) (Series, error) {
	out := Series{PlotID: plot, Run: run, Values: map[string][]*float32{}}
	err := s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT dates::text[], "+SeriesColumns+" FROM parus.series JOIN parus.run ON run.id = series.run WHERE run = $1 AND plot_id = $2", run, plot)
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return errors.Join(rows.Err(), ErrNone)
		}
		values := make([][]*float32, len(rows.FieldDescriptions())-1)
		into := []any{&out.Dates}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, f := range rows.FieldDescriptions()[1:] {
			if values[i] != nil {
				out.Values[f.Name] = values[i]
			}
		}
		return nil
	})
	if err != nil {
		return Series{}, fmt.Errorf("series of plot %s: %w", plot, err)
	}
	return out, nil
}
