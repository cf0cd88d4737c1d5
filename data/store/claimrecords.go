package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/parcels"
)

// mostClaims of one file.
const mostClaims = 50_000

// ErrManyClaims is a question for more claims than one file takes.
var ErrManyClaims = errors.New("more claims than one file takes")

// ClaimRecords are a county's kept claims as the claims feed knows them, in the
// order of their IDs, with the day on which they were kept as the day of receipt;
// an empty season = all. That somebody took them is entered in the audit log.
func (s *Store) ClaimRecords(ctx context.Context, a Asker, county, season string) (out []parcels.Claim, err error) {
	type kept struct {
		ID, GrowerID, Season, Crop, Method, CRS, Taken, Received string
		WKB                                                      []byte
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT claim_id, grower_id, season, crop, method, source_crs, taken::text, parus.day_of(run, at)::text, ST_AsBinary(geom) FROM parus.claim
			WHERE county = $1 AND ($2 = '' OR season = $2) ORDER BY claim_id LIMIT $3`, county, season, mostClaims+1)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[kept])
		if err != nil {
			return err
		}
		if len(found) > mostClaims {
			return ErrManyClaims
		}
		for _, k := range found {
			c := parcels.Claim{ClaimID: k.ID, GrowerID: k.GrowerID, Season: k.Season, Crop: k.Crop, Method: k.Method, SourceCRS: k.CRS}
			var bad [3]error
			c.Polygon, bad[0] = polygonOf(k.ID, k.WKB)
			c.Taken, bad[1] = parcels.ParseDate(k.Taken)
			c.Received, bad[2] = parcels.ParseDate(k.Received)
			if err := errors.Join(bad[:]...); err != nil {
				return err
			}
			out = append(out, c)
		}
		return Audit(ctx, tx, county, "export_claims", "claims "+county, map[string]any{"season": season, "claims": len(out)})
	})
	if err != nil {
		return nil, fmt.Errorf("claims of county %s as records: %w", county, err)
	}
	return out, nil
}
