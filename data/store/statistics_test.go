package store_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// What rests on fewer than five growers is left out, and so is the second part
// of a sum that would tell it. The run: 30 parcels of 8,700.25 m² = 13.050375 mu,
// one plot each; every third has no grower. Worked by hand.
func TestStatisticsNameNobody(t *testing.T) {
	s, address := newStore(t)
	ctx := context.Background()
	run := publish(t, s, storetest.Run(t, "341523", 30)).Run
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	change := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, "WITH c AS (SELECT plot_id, right(plot_id, 6)::int AS n FROM parus.cycle) UPDATE parus.cycle t SET "+sql); err != nil {
			t.Fatal(err)
		}
	}
	crops := func() (string, store.Statistics) {
		t.Helper()
		st, err := s.Statistics(ctx, clerk, int32(run))
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, c := range st.Crops {
			text += c.Crop + " "
		}
		return text, st
	}
	// Plots 0–17 are maize (12 growers), 18–26 wheat (6), 27–29 soybean (2).
	change("crop = CASE WHEN c.n < 18 THEN 'maize' WHEN c.n < 27 THEN 'winter_wheat' ELSE 'soybean' END, yield_p50_kg_mu = CASE WHEN c.n < 18 THEN 300 + 10 * c.n END FROM c WHERE c.plot_id = t.plot_id")
	got, st := crops()
	if got != "maize " { // soybean alone would be the whole less maize and wheat
		t.Errorf("crops %s", got)
	}
	// 18 plots of 13.050375 mu at 300 + 10 n kg/mu: Σ = 13.050375 × (18 × 300 + 10 × 153) = 90,439.09875 kg, 6,930 / 18 = 385 kg/mu.
	// Sixths of 17 steps of 10 kg/mu: 328.3, 356.7, 385, 413.3, 441.7.
	m := st.Crops[0]
	if m.Growers != 12 || m.Plots != 18 || m.AreaM2 != 156604.5 || math.Abs(*m.YieldKg-90439.09875) > 1e-6 || math.Abs(*m.YieldMu-385) > 1e-9 {
		t.Errorf("%+v", m)
	}
	if b, _ := json.Marshal(st.YieldBreaks); string(b) != "[330,360,390,410,440]" {
		t.Errorf("breaks %s", b)
	}
	if st.Parcels != 30 || st.Farming != 20 || st.Judged != 20 || *st.GrowersAdmitted != 20 || *st.LimitFen != 20*680_000 {
		t.Errorf("%+v", st)
	}
	if len(st.Places) != 2 || st.Places[0].Code != "341523000" || st.Places[1].Code != "341523000000" || st.Places[1].Growers != 20 || len(st.Places[1].Crops) != 1 {
		t.Errorf("%+v", st.Places)
	}
	// Two small crops do not hide each other where they rest on two growers together.
	change("crop = 'rice' FROM c WHERE c.plot_id = t.plot_id AND c.n = 27")
	if got, _ := crops(); got != "maize " {
		t.Errorf("crops %s", got)
	}
	// Three growers' grade within maize takes the smaller other grade with it: 0–3 and 4–8 are graded 1 and 2 (3 growers each), 9–17 grade 4 (6).
	change("growth_grade = CASE WHEN c.n < 4 THEN 1 WHEN c.n < 9 THEN 2 ELSE 4 END FROM c WHERE c.plot_id = t.plot_id")
	if _, st := crops(); len(st.Crops[0].Grades) != 1 || st.Crops[0].Grades[0] != (store.GradeSum{Grade: 4, AreaM2: 9 * 8700.25}) {
		t.Errorf("%+v", st.Crops[0].Grades)
	}
	// Harvests: of the 12 growers of maize 6 (plots 0–8) are past on 2024-07-15, the emergence 2024-05-20 is 56 days back; the others are to be harvested on 2024-09-09, 112 days after it: half ripe.
	change("harvest_p50 = CASE WHEN c.n < 9 THEN date '2024-07-15' ELSE date '2024-09-09' END FROM c WHERE c.plot_id = t.plot_id AND c.n < 18")
	_, st = crops()
	if m = st.Crops[0]; *m.Maturity != 0.75 || *m.Harvest != "2024-07-15" || *m.Done != 9*8700.25 {
		t.Errorf("%v %v %v", *m.Maturity, *m.Harvest, *m.Done)
	}
	// One decline cannot be told, and would be the difference of those judged and those admitted.
	if _, err := conn.Exec(ctx, "UPDATE parus.decision SET outcome = 'decline' WHERE decision_id = 'd341523-1'"); err != nil {
		t.Fatal(err)
	}
	if _, st = crops(); len(st.Outcomes) != 0 || st.GrowersAdmitted != nil || st.LimitFen != nil || st.Judged != 20 {
		t.Errorf("%+v", st)
	}
	// With six more sent to a person, those go with it: the 13 admitted are told.
	if _, err := conn.Exec(ctx, "UPDATE parus.decision SET outcome = 'refer' WHERE decision_id IN ('d341523-3', 'd341523-4', 'd341523-6', 'd341523-7', 'd341523-9', 'd341523-10')"); err != nil {
		t.Fatal(err)
	}
	if _, st = crops(); len(st.Outcomes) != 1 || *st.GrowersAdmitted != 13 || *st.LimitFen != 13*680_000 {
		t.Errorf("%+v", st)
	}
	other := store.Asker{ID: "x", Role: "partner", Counties: []string{"411622"}}
	if st, err := s.Statistics(ctx, other, int32(run)); err != nil || st.Parcels != 0 || len(st.Crops) != 0 {
		t.Errorf("another county is told %+v, %v", st, err)
	}
	if names, err := s.Places(ctx, other, int32(run)); err == nil {
		t.Errorf("another county's places are told: %v", names)
	}
}
