package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// LandParcel is a parcel with what a map shows of it; empty or nil = not known.
type LandParcel struct {
	ParcelID, PlotID string
	AreaM2           float64
	Crop             string   // of the current cycle, else of the latest assessable one
	Grade            *int32   // growth 1–5, of that cycle
	Yield            *float32 // P50 of that cycle, kg/mu at trade moisture
	Outcome          string   // of the decision of its grower
	Risk             string   // worst severity of a finding on the parcel, its plot, or its grower as a whole
	Geometry         orb.MultiPolygon
}

// RunDigest tells one run from any other, by what it holds; ErrNone where the
// asker may see no run of the number.
func (s *Store) RunDigest(ctx context.Context, a Asker, run int32) (string, error) {
	return recall(&s.ear, &s.digests, &s.ear.runs, runKey{role: a.Role, counties: strings.Join(a.Counties, ","), id: run}, func() (string, error) {
		return one1[string](ctx, s, a, "SELECT digest FROM parus.run WHERE id = $1", run)
	})
}

// one1 is one for a query of one column.
func one1[T any](ctx context.Context, s *Store, a Asker, query string, args ...any) (v T, err error) {
	type row struct{ V T }
	r, err := one[row](ctx, s, a, query, args...)
	return r.V, err
}

// Land is a run's land in the order of parcel IDs, all of it at once.
func (s *Store) Land(ctx context.Context, a Asker, run int32) (out []LandParcel, err error) {
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `WITH
			cycle AS (SELECT DISTINCT ON (plot_id) plot_id, crop, growth_grade, yield_p50_kg_mu FROM parus.cycle WHERE run = $1 AND crop IS NOT NULL AND assessable
				ORDER BY plot_id, current DESC, cycle DESC),
			outcome AS (SELECT DISTINCT ON (grower_id) grower_id, outcome FROM parus.decision WHERE run = $1 ORDER BY grower_id, decision_id),
			worst AS (SELECT coalesce(parcel_id, grower_id) AS at, max(array_position(ARRAY['info', 'warn', 'refer', 'decline'], severity)) AS n FROM parus.finding WHERE run = $1 GROUP BY 1)
			SELECT parcel_id, p.plot_id, area_m2, coalesce(crop, ''), growth_grade, yield_p50_kg_mu, coalesce(outcome, ''),
				coalesce((ARRAY['info', 'warn', 'refer', 'decline'])[greatest(w1.n, w2.n, w3.n)], ''), ST_AsBinary(geom)
			FROM parus.parcel p LEFT JOIN cycle USING (plot_id) LEFT JOIN outcome USING (grower_id)
			LEFT JOIN worst w1 ON w1.at = parcel_id LEFT JOIN worst w2 ON w2.at = p.plot_id LEFT JOIN worst w3 ON w3.at = grower_id
			WHERE run = $1 ORDER BY parcel_id COLLATE "C"`, run)
		if err != nil {
			return err
		}
		var p LandParcel
		var shape []byte
		_, err = pgx.ForEachRow(rows, []any{&p.ParcelID, &p.PlotID, &p.AreaM2, &p.Crop, &p.Grade, &p.Yield, &p.Outcome, &p.Risk, &shape}, func() error {
			g, err := wkb.Unmarshal(shape)
			if err != nil {
				return fmt.Errorf("parcel %s: %w", p.ParcelID, err)
			}
			var ok bool
			if p.Geometry, ok = g.(orb.MultiPolygon); !ok {
				return fmt.Errorf("parcel %s: a %s", p.ParcelID, g.GeoJSONType())
			}
			out = append(out, p)
			p.Grade, p.Yield = nil, nil // the next row's have their own places
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("land of run %d: %w", run, err)
	}
	return out, nil
}
