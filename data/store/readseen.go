package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/raster"
)

// SceneDay is a day on which a run's scenes were taken.
type SceneDay struct {
	Date   string   `json:"date"`
	Clear  float32  `json:"clear"` // share of the run's land seen clear that day
	Scenes []string `json:"scenes"`
	Bands  []string `json:"-"` // that all of its scenes have
}

// SceneDays are the days of a run's scenes, in their order.
func (s *Store) SceneDays(ctx context.Context, a Asker, run int32) ([]SceneDay, error) {
	return all[SceneDay](ctx, s, a, `SELECT day::text, least(sum(clear), 1)::real, array_agg(scene_id ORDER BY scene_id),
		(SELECT array_agg(band ORDER BY band) FROM (SELECT band FROM parus.scene b, json_object_keys(b.scene->'assets') AS band WHERE b.run = $1 AND b.day = s.day GROUP BY band HAVING count(*) = count(DISTINCT s.scene_id)) x)
		FROM parus.scene s WHERE run = $1 GROUP BY day ORDER BY day`, run)
}

// Look is what a picture of a day of a run is drawn from.
type Look struct {
	Digest string // of the run
	AsOf   string
	Scenes []raster.Scene // none = none was taken that day
}

// ScenesOf are the scenes of a day of a run with where their bands lie; ErrNone
// where the asker may see no run of the number.
func (s *Store) ScenesOf(ctx context.Context, a Asker, run int32, day string) (l Look, err error) {
	type row struct {
		Digest, AsOf string
		Scenes       []json.RawMessage
	}
	r, err := one[row](ctx, s, a, `SELECT digest, as_of::text, (SELECT coalesce(array_agg(scene ORDER BY clear DESC, scene_id), '{}') FROM parus.scene WHERE run = r.id AND day = $2::text::date AND day <= r.as_of)
		FROM parus.run r WHERE id = $1`, run, day)
	if err != nil {
		return l, err
	}
	l = Look{Digest: r.Digest, AsOf: r.AsOf, Scenes: make([]raster.Scene, len(r.Scenes))}
	for i, text := range r.Scenes {
		if err := json.Unmarshal(text, &l.Scenes[i]); err != nil {
			return l, fmt.Errorf("scenes of run %d on %s: %w", run, day, err)
		}
	}
	return l, nil
}

// Area is what each witness says of an area, in mu; nil = nothing.
type Area struct {
	GrowerID  *string  `json:"grower_id,omitempty"`
	PlotID    *string  `json:"plot_id,omitempty"` // nil = all land of the grower
	Parcels   int32    `json:"parcels"`
	Contract  *float64 `json:"contract_mu,omitempty"`
	Leased    *float64 `json:"leased_mu,omitempty"`
	Surveyed  *float64 `json:"surveyed_mu,omitempty"`
	Claimed   *float64 `json:"claimed_mu,omitempty"`
	Drawn     *float64 `json:"drawn_mu,omitempty"`
	Polygon   *float64 `json:"polygon_mu,omitempty"`
	SeenLow   *float64 `json:"seen_low_mu,omitempty"`
	SeenHigh  *float64 `json:"seen_high_mu,omitempty"`
	Counts    *float64 `json:"counts_mu,omitempty"`
	CountedBy []string `json:"counted_by"`
}

// Agreement is one subject of a plot on which two or more kinds of witnesses speak.
type Agreement struct {
	PlotID     string   `json:"plot_id"`
	Subject    string   `json:"subject"`
	Self       string   `json:"self"`
	Government string   `json:"government"`
	Partner    string   `json:"partner"`
	Satellite  string   `json:"satellite"`
	Agree      []string `json:"agree"`
	Differ     []string `json:"differ"`
}

// Spell is days over which one grower farms a parcel.
type Spell struct {
	ParcelID string   `json:"parcel_id"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	GrowerID *string  `json:"grower_id,omitempty"`
	OwnerID  *string  `json:"owner_id,omitempty"`
	Leased   bool     `json:"leased"`
	Chain    []string `json:"chain"`
	Conflict *string  `json:"conflict,omitempty"`
}

// Witnesses are what the records and imagery say of a plot: of its area, and of
// all land of its grower; where they agree; who farms its parcels over the season.
type Witnesses struct {
	PlotID     string      `json:"plot_id"`
	Run        int32       `json:"run"`
	Areas      []Area      `json:"areas"`
	Agreements []Agreement `json:"agreements"`
	Tenure     []Spell     `json:"tenure"`
}

// Witnesses reads what a run knows from its witnesses about a plot.
func (s *Store) Witnesses(ctx context.Context, a Asker, run int32, plot string) (w Witnesses, err error) {
	w = Witnesses{PlotID: plot, Run: run, Areas: []Area{}, Agreements: []Agreement{}, Tenure: []Spell{}}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		if err := into(ctx, tx, &w.Areas, `SELECT grower_id, plot_id, parcels, contract_mu, leased_mu, surveyed_mu, claimed_mu, drawn_mu, polygon_mu, seen_low_mu, seen_high_mu, counts_mu, counted_by
			FROM parus.area WHERE run = $1 AND (plot_id = $2 OR plot_id IS NULL AND grower_id = (SELECT max(grower_id) FROM parus.parcel WHERE run = $1 AND plot_id = $2)) ORDER BY n`, run, plot); err != nil {
			return err
		}
		if err := into(ctx, tx, &w.Agreements, `SELECT plot_id, subject, self, government, partner, satellite, agree, differ FROM parus.agreement WHERE run = $1 AND plot_id = $2 ORDER BY n`, run, plot); err != nil {
			return err
		}
		return into(ctx, tx, &w.Tenure, `SELECT parcel_id, first_day::text, last_day::text, grower_id, owner_id, leased, chain, conflict FROM parus.tenure
			WHERE run = $1 AND parcel_id IN (SELECT parcel_id FROM parus.parcel WHERE run = $1 AND plot_id = $2) ORDER BY n`, run, plot)
	})
	if err != nil {
		return w, fmt.Errorf("witnesses of plot %s: %w", plot, err)
	}
	return w, nil
}

// into appends the rows of a query.
func into[T any](ctx context.Context, tx pgx.Tx, out *[]T, query string, args ...any) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	*out = append(*out, found...)
	return err
}
