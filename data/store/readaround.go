package store

import (
	"context"
	"slices"
)

// Seen is what a run says grows on a plot: its current cycle, else the latest
// assessable one.
type Seen struct {
	PlotID string   `json:"plot_id"`
	AreaMu float64  `json:"area_mu"`
	Crop   *string  `json:"crop,omitempty"`
	Grade  *int32   `json:"growth_grade,omitempty"`
	Yield  *float32 `json:"yield_p50_kg_mu,omitempty"`
}

// Neighbours are the plots around one, the nearest first, and the medians of
// those on which the same crop stands; nil = there are none.
type Neighbours struct {
	PlotID string   `json:"plot_id"`
	Run    int32    `json:"run"`
	Items  []Seen   `json:"items"`
	Same   int      `json:"same_crop"` // how many have the plot's crop
	Grade  *float64 `json:"median_growth_grade,omitempty"`
	Yield  *float64 `json:"median_yield_kg_mu,omitempty"`
}

// How far a neighbour may lie (a path or a ditch), and how many are named.
const (
	nearMetres  = 30
	mostNearby  = 60
	nearDegrees = 0.0006 // more than nearMetres anywhere in China
)

// Neighbours finds the plots within 30 m of a plot.
func (s *Store) Neighbours(ctx context.Context, a Asker, run int32, plot string) (Neighbours, error) {
	n := Neighbours{PlotID: plot, Run: run, Items: []Seen{}}
	found, err := all[Seen](ctx, s, a, `WITH own AS MATERIALIZED (SELECT geom FROM parus.parcel WHERE run = $1 AND plot_id = $2),
		near AS MATERIALIZED (SELECT p.plot_id, min(ST_Distance(p.geom::geography, own.geom::geography)) AS metres FROM parus.parcels_near($1, $1, $2, $3) n
			JOIN parus.parcel p ON p.run = $1 AND p.parcel_id = n.parcel_id AND p.plot_id <> $2 JOIN own ON p.geom && ST_Expand(own.geom, $3) GROUP BY p.plot_id HAVING min(ST_Distance(p.geom::geography, own.geom::geography)) <= $4 ORDER BY metres, plot_id LIMIT $5),
		named AS (SELECT plot_id, metres FROM near UNION ALL SELECT $2, -1),
		cycle AS (SELECT DISTINCT ON (plot_id) plot_id, crop, growth_grade, yield_p50_kg_mu FROM parus.cycle JOIN named USING (plot_id) WHERE run = $1 AND crop IS NOT NULL AND assessable
			ORDER BY plot_id, current DESC, cycle DESC)
		SELECT plot_id, (SELECT sum(area_m2) FROM parus.parcel p WHERE p.run = $1 AND p.plot_id = named.plot_id) / $6, crop, growth_grade, yield_p50_kg_mu
		FROM named LEFT JOIN cycle USING (plot_id) ORDER BY metres, plot_id`, run, plot, nearDegrees, nearMetres, mostNearby, mu)
	if err != nil || len(found) == 0 {
		return n, err
	}
	own := found[0] // at −1 m
	n.Items = append(n.Items, found[1:]...)
	var grades, yields []float64
	for _, p := range n.Items {
		if own.Crop == nil || p.Crop == nil || *p.Crop != *own.Crop {
			continue
		}
		n.Same++
		if p.Grade != nil {
			grades = append(grades, float64(*p.Grade))
		}
		if p.Yield != nil {
			yields = append(yields, float64(*p.Yield))
		}
	}
	n.Grade, n.Yield = median(grades), median(yields)
	return n, nil
}

// median is the middle one, or the mean of the two in the middle; nil of none.
func median(v []float64) *float64 {
	if len(v) == 0 {
		return nil
	}
	slices.Sort(v)
	m := (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	return &m
}

// PastSeason is what was known of a plot's land earlier: by an earlier published
// run (Run, AsOf), or by a season that the run's county told of (neither).
type PastSeason struct {
	Season   string     `json:"season"`
	Run      *int32     `json:"run,omitempty"`
	AsOf     *string    `json:"as_of,omitempty"`
	PlotID   *string    `json:"plot_id,omitempty"` // as it was cut then
	Share    float64    `json:"share"`             // of the plot's area
	Crops    []string   `json:"crops"`             // in the order of harvest
	Yields   []*float32 `json:"yields_kg_mu"`      // P50 of each
	Grade    *int32     `json:"growth_grade,omitempty"`
	Outcome  *string    `json:"outcome,omitempty"` // of the grower of then, and only if it is the grower of now
	LimitFen *int64     `json:"limit_fen,omitempty"`
}

// leastShare of a plot's land must lie in a plot of an earlier run.
const (
	leastShare = 0.1
	mostPast   = 40
)

// Past finds what was known earlier of a plot's land: in runs of the county as of
// an earlier day, by parcel, or by overlap where parcels were cut or numbered
// anew; and in the seasons before, as the county told the run. Decisions are of
// the same grower, and only with decisions.
func (s *Store) Past(ctx context.Context, a Asker, run int32, plot string, decisions bool) ([]PastSeason, error) {
	found, err := all[PastSeason](ctx, s, a, `WITH this AS (SELECT id, county, as_of FROM parus.run WHERE id = $1),
		own AS MATERIALIZED (SELECT parcel_id, area_m2, geom, grower_id FROM parus.parcel WHERE run = $1 AND plot_id = $2),
		before AS (SELECT r.id FROM parus.run r JOIN this ON r.county = this.county AND r.as_of < this.as_of),
		same AS (SELECT p.run, p.plot_id, p.grower_id, own.area_m2 AS m2 FROM own CROSS JOIN before JOIN parus.parcel p ON p.run = before.id AND p.parcel_id = own.parcel_id
			UNION ALL SELECT p.run, p.plot_id, p.grower_id, own.area_m2 * ST_Area(ST_Intersection(p.geom, own.geom)) / nullif(ST_Area(own.geom), 0)
			FROM before CROSS JOIN LATERAL parus.parcels_near(before.id, $1, $2, 0) n JOIN parus.parcel p ON p.run = before.id AND p.parcel_id = n.parcel_id JOIN own ON p.geom && own.geom AND ST_IsValid(p.geom) AND ST_IsValid(own.geom)
			WHERE NOT EXISTS (SELECT FROM parus.parcel q WHERE q.run = before.id AND q.parcel_id = own.parcel_id)),
		land AS (SELECT run, plot_id, max(grower_id) AS grower_id, sum(m2) / (SELECT sum(area_m2) FROM own) AS share FROM same GROUP BY run, plot_id)
		SELECT r.season, r.id, r.as_of::text, l.plot_id, least(l.share, 1),
			coalesce(c.crops, '{}'), coalesce(c.yields, '{}'), c.grade, d.outcome, d.limit_fen
		FROM land l JOIN parus.run r ON r.id = l.run
		LEFT JOIN LATERAL (SELECT array_agg(crop ORDER BY cycle) AS crops, array_agg(yield_p50_kg_mu ORDER BY cycle) AS yields, (array_agg(growth_grade ORDER BY current DESC, cycle DESC))[1] AS grade
			FROM parus.cycle WHERE run = l.run AND plot_id = l.plot_id AND crop IS NOT NULL AND assessable) c ON true
		LEFT JOIN LATERAL (SELECT outcome, limit_fen FROM parus.decision WHERE $3 AND run = l.run AND grower_id = l.grower_id AND grower_id = (SELECT max(grower_id) FROM own) ORDER BY decision_id LIMIT 1) d ON true
		WHERE l.share >= $4
		UNION ALL
		SELECT season, NULL, NULL, NULL, share, crops, (SELECT coalesce(array_agg(y::real), '{}') FROM unnest(yields) y), NULL, NULL, NULL FROM parus.past WHERE run = $1 AND plot_id = $2
		ORDER BY 1 DESC, 3 DESC NULLS LAST, 5 DESC, 4 LIMIT $5`, run, plot, decisions, leastShare, mostPast)
	return append([]PastSeason{}, found...), err
}
