package weather

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnitsAndRejects(t *testing.T) {
	// By hand: 293.15 K = 20 °C; 18,000,000 J = 18 MJ.
	text := "\ufeffdate,temperature_mean_K,solar_radiation_flux_J_m-2_d-1,precipitation_flux_mm_d-1\n" +
		"2024-05-02,293.15,18000000,3.5\n2024-05-01,283.15,9000000,0\n2024-05-02,280,1,1\n2024-13-01,280,1,1\n2024-05-03,20,1,1\n2024-05-04,x,1,1\n"
	days, rejects, err := parse(text, "w.csv")
	if err != nil {
		t.Fatal(err)
	}
	if len(days) != 2 || days[0].Date.String() != "2024-05-01" {
		t.Fatalf("days %+v", days)
	}
	if d := days[1]; math.Abs(d.TmeanC-20) > 1e-9 || math.Abs(d.RadiationMJ-18) > 1e-9 || d.RainMM != 3.5 {
		t.Errorf("2 May is %+v", d)
	}
	var got []string
	for _, r := range rejects {
		got = append(got, r.Reason)
		if r.Row < 4 || r.File != "w.csv" || r.Column == "" || r.Advice == "" {
			t.Errorf("reject does not say where and what to do: %+v", r)
		}
	}
	want := "the day stands in the file twice|not a day|not a plausible mean temperature|not a number"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("rejects %s, want %s", s, want)
	}
}

// 3 to 5 May are missing: three days, known to be missing from the 6th on.
func TestGapsAreListed(t *testing.T) {
	days, rejects, err := parse("date,t_mean_c,radiation_mj_m2\n2024-05-01,1,1\n2024-05-02,1,1\n2024-05-06,1,1\n", "w.csv")
	if err != nil || len(days) != 3 || len(rejects) != 1 {
		t.Fatal(days, rejects, err)
	}
	if r := rejects[0]; r.Reason != "no weather for 3 day(s), 2024-05-03 to 2024-05-05" || r.Day.String() != "2024-05-06" {
		t.Errorf("gap is listed as %+v", r)
	}
}

// The headings are 日期,平均气温,总辐射 in GB18030, encoded by iconv.
func TestGB18030(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.csv")
	text := "\xc8\xd5\xc6\xda,\xc6\xbd\xbe\xf9\xc6\xf8\xce\xc2,\xd7\xdc\xb7\xf8\xc9\xe4\n2024-01-01,3,4\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	days, _, err := Read(path)
	if err != nil || len(days) != 1 || days[0].TmeanC != 3 || days[0].RadiationMJ != 4 {
		t.Error(days, err)
	}
}

func TestMissingColumnIsNamed(t *testing.T) {
	for text, says := range map[string]string{
		"date,t_mean_c\n2024-01-01,3\n":            "global radiation",
		"date,radiation_mj_m2\n2024-01-01,3\n":     "mean temperature",
		"t_mean_c,radiation_mj_m2\n1,3\n":          "date",
		"":                                         "empty",
		"date,t_mean_c,radiation_mj_m2\nx,1,1\n":   "not a day",
		"date,t_min_c,radiation_mj_m2\n2024,1,1\n": "mean temperature",
	} {
		if _, _, err := parse(text, "w.csv"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v does not say %q", text, err, says)
		}
	}
	days, _, err := parse("日期,最低气温,最高气温,总辐射\n2024-01-01,2,8,5\n", "w.csv")
	if err != nil || days[0].TmeanC != 5 {
		t.Errorf("mean from both ends: %v %v, want 5", days, err)
	}
}

func TestAgERA5OfTheRealPatch(t *testing.T) {
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = "../../../shared"
	}
	path := filepath.Join(root, "data/s2s1_patches/BE_00002806639B424A/meteo/agera5_daily.csv")
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("real weather is not here (PARUS_TEST_DATA): %v", err)
	}
	days, rejects, err := Read(path)
	if err != nil || len(rejects) > 0 {
		t.Fatal(err, rejects)
	}
	// From the file itself, read by eye: 487 days; 1 Aug 2017 has 291.03 K and 17,091,846 J.
	if len(days) != 487 || math.Abs(days[0].TmeanC-17.88) > 0.01 || math.Abs(days[0].RadiationMJ-17.09) > 0.01 {
		t.Errorf("%d days, the first %+v", len(days), days[0])
	}
}

func FuzzParse(f *testing.F) {
	f.Add("date,t_mean_c,radiation_mj_m2\n2024-01-01,3,4\n")
	f.Add("日期,最低气温,最高气温,总辐射\n2024-01-01,2,8,5\n")
	f.Fuzz(func(t *testing.T, text string) {
		days, _, err := parse(text, "w.csv")
		if err == nil && len(days) == 0 {
			t.Error("no day and no error")
		}
		for i := 1; i < len(days); i++ {
			if !days[i-1].Date.Before(days[i].Date) {
				t.Error("days are not in ascending order")
			}
		}
	})
}
