package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/parus-lending/parus/parcels"
)

// Claim is land that a grower drew or walked, as it was kept. Geometry stands
// only where one claim is asked for, Decision only for those who see decisions.
type Claim struct {
	County    string          `json:"county"`
	ClaimID   string          `json:"claim_id"`
	Run       int32           `json:"run"`
	GrowerID  string          `json:"grower_id"`
	Season    string          `json:"season"`
	Crop      string          `json:"crop,omitempty"`
	Method    string          `json:"method"`
	SourceCRS string          `json:"source_crs"`
	AccuracyM *float32        `json:"accuracy_m,omitempty"`
	Taken     string          `json:"taken"` // day
	AreaM2    float64         `json:"area_m2"`
	AreaMu    float64         `json:"area_mu"`
	DrawnBy   string          `json:"drawn_by,omitempty"` // empty = not kept
	DrawnAt   *time.Time      `json:"drawn_at,omitempty"`
	Geometry  json.RawMessage `json:"geometry,omitempty"`
	Says      json.RawMessage `json:"says"`
	Decision  json.RawMessage `json:"decision,omitempty"`
}

const claimColumns = `SELECT c.county, c.claim_id, c.run, c.grower_id, c.season, c.crop, c.method, c.source_crs, c.accuracy_m, c.taken::text, c.area_m2, c.area_m2 * 3 / 2000, c.asker, c.at, `

// oneClaim also reads its geometry and decision.
const oneClaim = claimColumns + `ST_AsGeoJSON(c.geom, 9)::json, c.says, d.decision FROM parus.claim c LEFT JOIN parus.claim_decision d USING (county, claim_id) `

// Claims lists claims of a county in the order of their IDs; an empty grower = all.
func (s *Store) Claims(ctx context.Context, a Asker, county, grower string, page Page) ([]Claim, error) {
	return all[Claim](ctx, s, a, claimColumns+`NULL::json, c.says, NULL::json FROM parus.claim c
		WHERE county = $1 AND ($2 = '' OR grower_id = $2) AND claim_id > $3 ORDER BY claim_id LIMIT $4`, county, grower, page.After, page.Limit)
}

// Claim is one claim with its polygon.
func (s *Store) Claim(ctx context.Context, a Asker, county, id string) (Claim, error) {
	return one[Claim](ctx, s, a, oneClaim+"WHERE county = $1 AND claim_id = $2", county, id)
}

// KeepClaim keeps a claim with its polygon and an entry of the audit log: all or
// nothing. A claim that is there already, or that the asker named by the key
// (empty = none) before, is given as it was kept; ErrKey where the key named
// another one.
func (s *Store) KeepClaim(ctx context.Context, a Asker, key string, c Claim, shape orb.MultiPolygon) (kept Claim, err error) {
	var name *string
	if key != "" {
		name = &key
	}
	geom, err := wkb.Marshal(shape)
	if err != nil {
		return kept, fmt.Errorf("keep claim %s: %w", c.ClaimID, err)
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		var added bool
		err := tx.QueryRow(ctx, `INSERT INTO parus.claim (county, claim_id, run, grower_id, season, crop, method, source_crs, accuracy_m, taken, area_m2, geom, says, key)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::date, $11, ST_GeomFromWKB($12, 4326), $13, $14) ON CONFLICT DO NOTHING RETURNING true`,
			c.County, c.ClaimID, c.Run, c.GrowerID, c.Season, c.Crop, c.Method, c.SourceCRS, c.AccuracyM, c.Taken, c.AreaM2, geom, c.Says, name).Scan(&added)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if !added && name != nil {
			var before string
			err := tx.QueryRow(ctx, "SELECT claim_id FROM parus.claim WHERE asker = current_setting('parus.asker') AND key = $1", key).Scan(&before)
			if err == nil && before != c.ClaimID {
				return ErrKey
			}
			if err != nil && !errors.Is(err, pgx.ErrNoRows) {
				return err
			}
		}
		if added && c.Decision != nil {
			if _, err := tx.Exec(ctx, "INSERT INTO parus.claim_decision (county, claim_id, decision) VALUES ($1, $2, $3)", c.County, c.ClaimID, c.Decision); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, oneClaim+"WHERE county = $1 AND claim_id = $2", c.County, c.ClaimID)
		if err != nil {
			return err
		}
		if kept, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Claim]); err != nil || !added {
			return err
		}
		return Audit(ctx, tx, c.County, "claim", c.ClaimID, map[string]any{"run": c.Run, "grower_id": c.GrowerID, "method": c.Method, "area_m2": c.AreaM2})
	})
	if err != nil && !errors.Is(err, ErrKey) {
		err = fmt.Errorf("keep claim %s: %w", c.ClaimID, err)
	}
	return kept, err
}

// shape is a polygon with the name that it has.
type shape struct {
	ID, GrowerID, Season string
	AreaM2               float64
	WKB                  []byte
}

func (s *Store) shapesIn(ctx context.Context, a Asker, query string, box orb.Bound, args ...any) ([]shape, []orb.MultiPolygon, error) {
	found, err := all[shape](ctx, s, a, query, append(args, box.Min[0], box.Min[1], box.Max[0], box.Max[1])...)
	if err != nil {
		return nil, nil, err
	}
	out := make([]orb.MultiPolygon, len(found))
	for i, f := range found {
		if out[i], err = polygonOf(f.ID, f.WKB); err != nil {
			return nil, nil, err
		}
	}
	return found, out, nil
}

func polygonOf(id string, text []byte) (orb.MultiPolygon, error) {
	g, err := wkb.Unmarshal(text)
	mp, ok := g.(orb.MultiPolygon)
	if err != nil || !ok {
		return nil, fmt.Errorf("the polygon of %s is no polygon: %v", id, err)
	}
	return mp, nil
}

// LandIn are the polygons of a run's parcels whose boxes touch a box of degrees,
// by ID, at most so many.
func (s *Store) LandIn(ctx context.Context, a Asker, run int32, box orb.Bound, most int) (map[string]orb.MultiPolygon, error) {
	found, shapes, err := s.shapesIn(ctx, a, `SELECT parcel_id, '', '', area_m2, ST_AsBinary(geom) FROM parus.parcel
		WHERE run = $1 AND parcel_id = ANY (ARRAY(SELECT * FROM parus.parcels_in($1, $3, $4, $5, $6))) ORDER BY parcel_id LIMIT $2`, box, run, most)
	if err != nil {
		return nil, fmt.Errorf("land of run %d near a claim: %w", run, err)
	}
	out := map[string]orb.MultiPolygon{}
	for i, f := range found {
		out[f.ID] = shapes[i]
	}
	return out, nil
}

// ClaimsIn are the claims of a county and season whose boxes touch a box of
// degrees, but for the one by its ID, at most so many.
func (s *Store) ClaimsIn(ctx context.Context, a Asker, county, season string, box orb.Bound, but string, most int) ([]parcels.Claim, error) {
	found, shapes, err := s.shapesIn(ctx, a, `SELECT claim_id, grower_id, season, area_m2, ST_AsBinary(geom) FROM parus.claim
		WHERE county = $1 AND claim_id = ANY (ARRAY(SELECT * FROM parus.claims_in($1, $2, $5, $6, $7, $8))) AND claim_id <> $3 ORDER BY claim_id LIMIT $4`, box, county, season, but, most)
	if err != nil {
		return nil, fmt.Errorf("claims of county %s near a claim: %w", county, err)
	}
	var out []parcels.Claim
	for i, f := range found {
		out = append(out, parcels.Claim{Provenance: parcels.Provenance{Source: "claim:" + f.ID, Authority: "grower"}, ClaimID: f.ID, GrowerID: f.GrowerID, Season: f.Season, Polygon: shapes[i], AreaM2: f.AreaM2})
	}
	return out, nil
}
