package scoring

import (
	"strings"
	"testing"
)

const calibrated = `[loss]
lgd_percent = 60
disaster = [{ level = 1, pd_percent = 250 }, { level = 2, pd_percent = 150 }]

[thin_file]
base = 70
admit = 55
decline = 25
pd = [{ from = 0, pd_percent = 12 }]
items = [{ feature = "land_mu", code = "LITTLE_LAND", en = "Little land.", zh = "土地少。", missing = 0, bands = [{ from = 0, points = 1 }] }]

[imagery]
`

func TestRiskFollowsTheDisasterState(t *testing.T) {
	cp := policyWith(t, "[imagery]\n", calibrated, "decline = 25\n\n[[scorecard", "decline = 25\npd = [{ from = 0, pd_percent = 20 }, { from = 80, pd_percent = 4 }]\n\n[[scorecard")
	// anna has 90 points and a loan on record: PD 4 %, × 60 % × 3,500 = ¥84.
	d := decideAnna(t, cp, func(*CountyEvidence) {})
	if d.Risk == nil || *d.Risk != (Risk{90, "scorecard", 400, 0, 6000, 84_00}) {
		t.Fatalf("%+v", d.Risk)
	}
	// A notice of level 2 over p1: × 1.5 = 6 %, ¥126; of level 1 for rice: not hers.
	hit := func(level int, crops ...string) func(*CountyEvidence) {
		return func(ev *CountyEvidence) {
			ev.Records.Disasters = append(ev.Records.Disasters, Disaster{Provenance: term("disasters.csv:2", "2024-05-01", "2024-05-10"), NoticeID: "n", Kind: "hail", Level: level, Places: []string{"p1"}, Crops: crops})
		}
	}
	if d := decideAnna(t, cp, hit(2, "winter_wheat")); d.Risk.PD != 600 || d.Risk.ExpectedLoss != 126_00 || d.Risk.Disaster != 2 {
		t.Errorf("%+v", d.Risk)
	}
	if d := decideAnna(t, cp, hit(1, "rice")); d.Risk.PD != 400 {
		t.Errorf("%+v", d.Risk)
	}
	// Without any loan on record the thin file's card counts: 71 points, 12 %.
	if d := decideAnna(t, cp, func(ev *CountyEvidence) { ev.Records.Debts, ev.Records.Roster[0].DeclaredDebt = nil, 0 }); d.Risk.Card != "thin_file" || d.Risk.Points != 71 || d.Risk.PD != 1200 {
		t.Errorf("%+v", d.Risk)
	}
}

func TestAMissingValueScoresTheMeanUnlessTwoSign(t *testing.T) {
	text := string(DefaultCreditPolicy())
	with := func(more string) error {
		_, err := ParseCreditPolicy([]byte(strings.Replace(text, "missing = 12\n", "missing = 12\n"+more, 1)))
		return err
	}
	if err := with("mean_points = 12.0\n"); err != nil {
		t.Error(err)
	}
	if err := with("mean_points = 12.5\n"); err == nil || !strings.Contains(err.Error(), "less than the population's mean") || !strings.Contains(err.Error(), "line ") {
		t.Errorf("%v", err)
	}
	if err := with("mean_points = 12.5\nmissing_signed_by = [\"chen\", \"chen\"]\n"); err == nil {
		t.Error("one person signed twice")
	}
	if err := with("mean_points = 12.5\nmissing_signed_by = [\"chen\", \"lin\"]\n"); err != nil {
		t.Error(err)
	}
}
