package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/rundir"
)

// LeastGrowers is how many growers a number must rest on to be told.
const LeastGrowers = 5

// Statistics are a run's numbers that name nobody: each rests on LeastGrowers
// growers or more, and no sum lacks just one of its parts. nil = left out.
type Statistics struct {
	Run             int32            `json:"run"`
	LeastGrowers    int              `json:"least_growers"`
	Parcels         int64            `json:"parcels"`
	AreaM2          float64          `json:"area_m2"`
	Farming         int64            `json:"growers_farming"` // who farm a parcel of the run
	Judged          int64            `json:"growers_judged"`  // who have a decision
	GrowersAdmitted *int64           `json:"growers_admitted,omitempty"`
	LimitFen        *int64           `json:"limit_fen,omitempty"` // of those admitted
	Crops           []CropSum        `json:"crops"`
	Places          []PlaceSum       `json:"places"`
	YieldBreaks     []float64        `json:"yield_breaks"` // kg/mu, five or fewer: round sextiles of plots
	Outcomes        map[string]int64 `json:"outcomes"`     // growers
	Reasons         map[string]int64 `json:"reasons"`      // growers
	Findings        map[string]int64 `json:"findings"`
}

// CropSum is what stands of a crop, as seen in the cycle that the as-of day falls
// in, else in the latest; crop "none" is land without an assessable one.
type CropSum struct {
	Crop     string     `json:"crop"`
	Growers  int64      `json:"growers"`
	Plots    int64      `json:"plots"`
	AreaM2   float64    `json:"area_m2"`
	Grades   []GradeSum `json:"grades"` // growth; those that may be told
	YieldKg  *float64   `json:"yield_kg,omitempty"`
	YieldMu  *float64   `json:"yield_kg_mu,omitempty"` // median estimates, weighted by area
	YieldM2  *float64   `json:"yield_area_m2,omitempty"`
	Maturity *float64   `json:"maturity,omitempty"`    // 0–1, mean by area; of the county only
	Harvest  *string    `json:"harvest_p50,omitempty"` // day by which half of the plots are likely to be harvested; of the county only
	Done     *float64   `json:"harvested_m2,omitempty"`
}

// GradeSum is the area of a growth grade, 1–5; 0 = not graded.
type GradeSum struct {
	Grade  int32   `json:"grade"`
	AreaM2 float64 `json:"area_m2"`
}

// PlaceSum is a town (9 digits of its parcels' codes) or village (12).
type PlaceSum struct {
	Code    string    `json:"code"`
	Growers int64     `json:"growers"`
	Plots   int64     `json:"plots"`
	AreaM2  float64   `json:"area_m2"`
	Crops   []CropSum `json:"crops"`
}

// standing is the cycle that tells of a plot, with its land and grower; $1 is the run.
const standing = `cycle AS (SELECT DISTINCT ON (plot_id) plot_id, crop, growth_grade, yield_p50_kg_mu, emergence, harvest_p50 FROM parus.cycle WHERE run = $1 AND crop IS NOT NULL AND assessable
		ORDER BY plot_id, current DESC, cycle DESC),
	land AS (SELECT p.plot_id, p.grower_id, p.area_m2, coalesce(c.crop, 'none') AS crop, coalesce(c.growth_grade, 0) AS grade, c.yield_p50_kg_mu AS kg, c.emergence, c.harvest_p50,
		CASE WHEN parcel_id ~ '^[0-9]{19}$' THEN substr(parcel_id, 1, 9) ELSE '' END AS town, CASE WHEN parcel_id ~ '^[0-9]{19}$' THEN substr(parcel_id, 1, 12) ELSE '' END AS village
		FROM parus.parcel p LEFT JOIN cycle c USING (plot_id) WHERE p.run = $1)`

// Statistics counts a run.
func (s *Store) Statistics(ctx context.Context, a Asker, run int32) (Statistics, error) {
	st := Statistics{Run: run, LeastGrowers: LeastGrowers, Crops: []CropSum{}, Places: []PlaceSum{}, YieldBreaks: []float64{}}
	type whole struct {
		Parcels, Farming, Judged, Limits int64
		AreaM2                           float64
	}
	w, err := one[whole](ctx, s, a, `SELECT (SELECT count(*) FROM parus.parcel WHERE run = $1), (SELECT count(DISTINCT grower_id) FROM parus.parcel WHERE run = $1),
		(SELECT count(DISTINCT grower_id) FROM parus.decision WHERE run = $1), (SELECT coalesce(sum(limit_fen), 0)::bigint FROM parus.decision WHERE run = $1 AND outcome = 'admit'),
		(SELECT coalesce(sum(area_m2), 0) FROM parus.parcel WHERE run = $1)`, run)
	if err != nil {
		return st, err
	}
	st.Parcels, st.Farming, st.Judged, st.AreaM2 = w.Parcels, w.Farming, w.Judged, w.AreaM2
	if err := st.land(ctx, s, a); err != nil {
		return st, err
	}
	type count struct {
		Name       string
		N, Growers int64
	}
	for query, into := range map[string]*map[string]int64{
		"SELECT outcome, count(DISTINCT grower_id), count(DISTINCT grower_id) FROM parus.decision WHERE run = $1 GROUP BY 1":                                                       &st.Outcomes,
		"SELECT reason, count(DISTINCT grower_id), count(DISTINCT grower_id) FROM parus.decision, unnest(reasons) reason WHERE run = $1 GROUP BY 1":                                &st.Reasons,
		"SELECT code, count(*), count(DISTINCT coalesce(f.grower_id, p.grower_id)) FROM parus.finding f LEFT JOIN parus.parcel p USING (run, parcel_id) WHERE run = $1 GROUP BY 1": &st.Findings,
	} {
		counts, err := all[count](ctx, s, a, query, run)
		if err != nil {
			return st, err
		}
		*into = map[string]int64{}
		for _, c := range counts {
			if c.Growers >= LeastGrowers {
				(*into)[c.Name] = c.N
			}
		}
		if into == &st.Outcomes { // they add up to those judged: what is left out is no small group
			small := int64(0)
			for _, c := range counts {
				if c.Growers < LeastGrowers {
					small += c.Growers
				}
			}
			hideOutcomes(st.Outcomes, small)
		}
	}
	if n, ok := st.Outcomes["admit"]; ok {
		st.GrowersAdmitted, st.LimitFen = &n, &w.Limits
	}
	return st, nil
}

// hideOutcomes takes the smallest outcome out where those hidden for their few
// growers rest on fewer than LeastGrowers together; admit, which most ask for, only
// where nothing else is left.
func hideOutcomes(told map[string]int64, small int64) {
	if small == 0 || small >= LeastGrowers || len(told) == 0 {
		return
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(told)), func(o string) bool { return o == "admit" && len(told) > 1 })
	delete(told, slices.MinFunc(names, func(x, y string) int { return cmp.Compare(told[x], told[y]) }))
}

// land sums what stands by crop, grade and place. Rows come grower by grower and
// plot by plot, so that a cell knows whether it has met either before.
func (st *Statistics) land(ctx context.Context, s *Store, a Asker) error {
	cells := map[cellKey]*landCell{}
	err := s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "WITH "+standing+" SELECT town, village, crop, grade, coalesce(grower_id, ''), plot_id, area_m2, kg FROM land ORDER BY grower_id, plot_id", st.Run)
		if err != nil {
			return err
		}
		var p landPiece
		_, err = pgx.ForEachRow(rows, []any{&p.town, &p.village, &p.crop, &p.grade, &p.grower, &p.plot, &p.m2, &p.kg}, func() error {
			p.addTo(cells)
			p.kg = nil
			return nil
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("sum the land of run %d: %w", st.Run, err)
	}
	hide(cells, func(c *landCell) (int64, []string, bool) { return c.Growers, c.few, c.AreaM2 > 0 }, func(c *landCell) { c.hidden = true })
	yields := maps.Clone(cells)
	maps.DeleteFunc(yields, func(k cellKey, _ *landCell) bool { return k.grade != anyGrade }) // told by crop alone
	hide(yields, func(c *landCell) (int64, []string, bool) {
		if c.BareGrowers > 0 && c.BareGrowers < LeastGrowers { // the land less that with a yield would be theirs
			return min(c.BareGrowers, c.YieldGrowers), c.yieldFew, c.YieldM2 > 0
		}
		return c.YieldGrowers, c.yieldFew, c.YieldM2 > 0
	}, func(c *landCell) { c.yieldHidden = true })
	st.Crops = cropsOf(cells, "")
	for _, k := range slices.SortedFunc(maps.Keys(cells), cellKey.compare) {
		if c := cells[k]; k.place != "" && k.place != nowhere && k.crop == "" && k.grade == anyGrade && !c.hidden {
			st.Places = append(st.Places, PlaceSum{k.place, c.Growers, c.Plots, c.AreaM2, cropsOf(cells, k.place)})
		}
	}
	return st.calendar(ctx, s, a)
}

// calendar tells of the county's crops how far they are, and where the yields
// of plots divide.
func (st *Statistics) calendar(ctx context.Context, s *Store, a Asker) error {
	type calendar struct {
		Crop                 string
		Growers, Done, Ahead int64
		Maturity             *float64
		Harvest              *string
		DoneM2               float64
	}
	known, err := all[calendar](ctx, s, a, "WITH "+standing+`, day AS (SELECT as_of FROM parus.run WHERE id = $1),
		seen AS (SELECT *, harvest_p50 <= as_of AS done, CASE WHEN harvest_p50 > emergence THEN greatest(0, least(1, (as_of - emergence)::float8 / (harvest_p50 - emergence))) END AS ripe FROM land, day)
		SELECT crop, count(DISTINCT grower_id) FILTER (WHERE ripe IS NOT NULL), count(DISTINCT grower_id) FILTER (WHERE done), count(DISTINCT grower_id) FILTER (WHERE done IS NOT TRUE), sum(ripe * area_m2) / nullif(sum(area_m2) FILTER (WHERE ripe IS NOT NULL), 0),
		percentile_disc(0.5) WITHIN GROUP (ORDER BY harvest_p50)::text, coalesce(sum(area_m2) FILTER (WHERE done), 0) FROM seen GROUP BY crop`, st.Run)
	if err != nil {
		return err
	}
	enough := func(n int64) bool { return n == 0 || n >= LeastGrowers }
	for _, c := range known {
		i := slices.IndexFunc(st.Crops, func(x CropSum) bool { return x.Crop == c.Crop })
		if i < 0 || c.Growers < LeastGrowers {
			continue
		}
		st.Crops[i].Maturity, st.Crops[i].Harvest = c.Maturity, c.Harvest
		if enough(c.Done) && enough(c.Ahead) {
			st.Crops[i].Done = &c.DoneM2
		}
	}
	type breaks struct {
		Growers int64
		At      []float64
	}
	b, err := one[breaks](ctx, s, a, "WITH "+standing+`, plot AS (SELECT plot_id, min(grower_id) AS grower_id, min(kg) AS kg FROM land WHERE kg IS NOT NULL GROUP BY plot_id)
		SELECT count(DISTINCT grower_id), coalesce(percentile_cont(ARRAY[1/6.0, 2/6.0, 3/6.0, 4/6.0, 5/6.0]) WITHIN GROUP (ORDER BY kg), '{}') FROM plot`, st.Run)
	if err != nil || b.Growers < LeastGrowers {
		return err
	}
	for _, v := range b.At {
		if v = math.Round(v/10) * 10; len(st.YieldBreaks) == 0 || v > st.YieldBreaks[len(st.YieldBreaks)-1] {
			st.YieldBreaks = append(st.YieldBreaks, v)
		}
	}
	return nil
}

// Places are the names of a run's towns (9 digits) and villages (12) by code, where
// its records gave them.
func (s *Store) Places(ctx context.Context, a Asker, run int32) (map[string]string, error) {
	return noted[map[string]string](ctx, s, a, run, "places", "{}")
}

// RunModels are the models that a run used.
func (s *Store) RunModels(ctx context.Context, a Asker, run int32) ([]rundir.Model, error) {
	return noted[[]rundir.Model](ctx, s, a, run, "models", "[]")
}

// noted is what a run's run.json says under a name; none where it says nothing.
func noted[T any](ctx context.Context, s *Store, a Asker, run int32, name, none string) (out T, err error) {
	text, err := one1[string](ctx, s, a, "SELECT coalesce(info->$2::text, $3::json)::text FROM parus.run WHERE id = $1", run, name, none)
	if err == nil {
		err = json.Unmarshal([]byte(text), &out)
	}
	if err != nil {
		var nothing T
		return nothing, fmt.Errorf("%s of run %d: %w", name, run, err)
	}
	return out, nil
}
