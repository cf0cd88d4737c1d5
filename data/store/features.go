package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Feature is a parcel or a decision with its land, for OGC API – Features.
type Feature struct {
	Run        int32
	ID         string
	Geometry   json.RawMessage // GeoJSON in the wanted CRS, axes in its order; nil = no land
	Properties json.RawMessage
}

// FeatureQuery says which features are wanted, and how their places are told.
type FeatureQuery struct {
	Runs     []int32
	ID       string            // "" = all
	Where    map[string]string // by the names of FeatureFilters
	From, To string            // days of as_of; "" = open
	Box      string            // WKT in BoxSRID, easting or longitude first; "" = everywhere
	BoxSRID  int
	SRID     int  // of the answer
	Swap     bool // northing or latitude stands first
	Places   int  // decimals of coordinates
}

// featureKinds are the collections: where their rows stand, what their features
// tell, and how those are found whose land meets a box ($3, in the CRS $4).
var featureKinds = map[string]struct{ table, id, with, geom, properties, near string }{
	"parcels": {
		"parus.parcel", "parcel_id",
		`LEFT JOIN LATERAL (SELECT crop, growth_grade, yield_p50_kg_mu FROM parus.cycle c
			WHERE c.run = f.run AND c.plot_id = f.plot_id AND crop IS NOT NULL AND assessable ORDER BY current DESC, cycle DESC LIMIT 1) c ON true`,
		"f.geom",
		`'parcel_id', f.parcel_id, 'plot_id', f.plot_id, 'grower_id', f.grower_id, 'county', f.county, 'run', f.run, 'as_of', r.as_of, 'area_m2', f.area_m2, 'area_mu', f.area_m2 * 3 / 2000,
			'crop', c.crop, 'growth_grade', c.growth_grade, 'yield_p50_kg_mu', c.yield_p50_kg_mu`,
		"f.parcel_id = ANY (ARRAY(SELECT parcel_id FROM met)) AND EXISTS (SELECT FROM met WHERE met.run = f.run AND met.parcel_id = f.parcel_id)"},
	"decisions": {
		"parus.decision", "decision_id", "",
		"(SELECT ST_Multi(ST_UnaryUnion(ST_Collect(p.geom))) FROM parus.parcel p WHERE p.run = f.run AND p.grower_id = f.grower_id)",
		`'decision_id', f.decision_id, 'grower_id', f.grower_id, 'county', f.county, 'season', f.season, 'run', f.run, 'as_of', f.as_of, 'outcome', f.outcome, 'limit_fen', f.limit_fen,
			'binding', f.binding, 'tenor_end', f.tenor_end, 'rate_bp', f.rate_bp, 'area_mu', f.area_mu, 'reasons', array_to_string(f.reasons, ';'), 'rests_on', f.rests_on, 'credit_policy', f.credit_policy`,
		"f.grower_id = ANY (ARRAY(SELECT grower_id FROM met)) AND EXISTS (SELECT FROM met WHERE met.run = f.run AND met.grower_id = f.grower_id)"},
}

// met are the parcels whose land meets the box: first by the index (parcels_in,
// which alone may ask it under row-level security), then exactly. In degrees WGS
// 84 and CGCS2000 are taken as equal, as everywhere in Parus.
const met = `box AS (SELECT CASE WHEN $4 = 4326 THEN ST_GeomFromText($3, 4326) ELSE ST_Transform(ST_GeomFromText($3, $4), 4326) END AS g),
	met AS MATERIALIZED (SELECT p.run, p.parcel_id, p.grower_id FROM box CROSS JOIN unnest($1::int[]) r(id)
		CROSS JOIN LATERAL parus.parcels_in(r.id, ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g)) n JOIN parus.parcel p ON p.run = r.id AND p.parcel_id = n.parcel_id WHERE ST_Intersects(p.geom, g))`

// FeatureFilters are the properties by which features of a kind may be picked.
var FeatureFilters = map[string][]string{"parcels": {"plot_id", "grower_id"}, "decisions": {"grower_id", "outcome"}}

// RunsToTell are the newest run of each county that the asker may see, or of
// one; or the one run of that number.
func (s *Store) RunsToTell(ctx context.Context, a Asker, county string, run int32) ([]Run, error) {
	return all[Run](ctx, s, a, strings.Replace(runColumns, "SELECT", "SELECT DISTINCT ON (county)", 1)+"WHERE ($1 = '' OR county = $1) AND ($2 = 0 OR id = $2) ORDER BY county, as_of DESC, id DESC", county, run)
}

// Features lists features of a kind (parcels, decisions) in the order of run and
// ID, and counts all that match.
func (s *Store) Features(ctx context.Context, a Asker, kind string, q FeatureQuery, page Page) (found []Feature, matched int64, err error) {
	k, ok := featureKinds[kind]
	if !ok {
		return nil, 0, ErrNone
	}
	run, id := int64(0), ""
	if page.After != "" {
		number, rest, ok := strings.Cut(page.After, "/")
		if run, err = strconv.ParseInt(number, 10, 32); err != nil || !ok {
			return nil, 0, ErrCursor
		}
		id = rest
	}
	args := []any{q.Runs, q.ID, q.Box, q.BoxSRID, q.From, q.To}
	from, with := k.table+" f", []string{}
	where := " WHERE f.run = ANY ($1::int[]) AND ($2 = '' OR f." + k.id + " = $2) AND $3::text IS NOT NULL AND $4::int IS NOT NULL AND $5::text IS NOT NULL AND $6::text IS NOT NULL"
	if q.Box != "" {
		where, with = where+" AND "+k.near, append(with, met)
	}
	if kind == "decisions" { // land has no time of its own
		where += " AND ($5 = '' OR f.as_of >= nullif($5, '')::date) AND ($6 = '' OR f.as_of <= nullif($6, '')::date)"
	}
	for _, name := range FeatureFilters[kind] {
		if v := q.Where[name]; v != "" {
			args = append(args, v)
			where += fmt.Sprintf(" AND f.%s = $%d", name, len(args))
		}
	}
	sql := "SELECT count(*) FROM " + from + where
	if len(with) > 0 {
		sql = "WITH " + met + sql
	}
	if matched, err = one1[int64](ctx, s, a, sql, args...); err != nil {
		return nil, 0, fmt.Errorf("count %s: %w", kind, err)
	}
	n := len(args)
	rows := fmt.Sprintf("page AS (SELECT f.run, f.%[1]s FROM %[2]s%[3]s AND (f.run, f.%[1]s) > ($%[4]d, $%[5]d) ORDER BY f.run, f.%[1]s LIMIT $%[6]d)", k.id, from, where, n+1, n+2, n+3)
	sql = "WITH " + strings.Join(append(with, rows), ", ") + fmt.Sprintf(` SELECT run, id, ST_AsGeoJSON(CASE WHEN $%[2]d THEN ST_FlipCoordinates(g) ELSE g END, $%[3]d, 0)::json, properties FROM (
		SELECT f.run, f.%[1]s AS id, CASE WHEN $%[4]d = 4326 THEN %[5]s ELSE ST_Transform(%[5]s, $%[4]d) END AS g, json_build_object(%[6]s) AS properties
		FROM page JOIN %[7]s f USING (run, %[1]s) JOIN parus.run r ON r.id = f.run %[8]s ORDER BY 1, 2) x`, k.id, n+4, n+5, n+6, k.geom, k.properties, k.table, k.with)
	if found, err = all[Feature](ctx, s, a, sql, append(args, run, id, page.Limit, q.Swap, q.Places, q.SRID)...); err != nil {
		return nil, 0, fmt.Errorf("list %s: %w", kind, err)
	}
	return found, matched, nil
}
