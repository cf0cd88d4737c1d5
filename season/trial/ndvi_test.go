package trial

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// A table of NDVI alone and one of bands with the same NDVI give crop-ndvi the
// same answers; networks that read bands refuse the first.
func TestNDVITable(t *testing.T) {
	ctx, m := context.Background(), pureGo(t)
	alone, bands := "id,date,ndvi\n", "id,date,B02,B03,B04,B05,B06,B07,B08,B11,B12\n"
	for d := range 36 {
		day := fmt.Sprintf("2021-%02d-%02d", d/3+1, d%3*10+5)
		v := 0.15 + 0.7*math.Exp(-math.Pow(float64(d-22)/5, 2))
		red := 0.3 * (1 - v) / (1 + v) // with B08 of 0.3
		alone += fmt.Sprintf("p,%s,%.6f\n", day, v)
		bands += fmt.Sprintf("p,%s,0.05,0.08,%.6f,0.1,0.2,0.25,0.3,0.2,0.1\n", day, red)
	}
	alone += "q,2021-05-05,1.5\n"
	run := func(model, text string) (map[string]map[string]string, *Summary, error) {
		out := filepath.Join(t.TempDir(), "out.csv")
		sum, err := m.Run(ctx, RunOptions{Model: model, In: write(t, "in.csv", text), Out: out})
		if err != nil {
			return nil, nil, err
		}
		byID, _ := answers(t, out)
		return byID, sum, nil
	}
	a, sum, err := run("crop-ndvi", alone)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Rejected != 1 || !strings.Contains(sum.FirstReject, "NDVI of −1 to 1") || a["q"]["reason"] != "few_dates" {
		t.Errorf("NDVI of 1.5: %+v, %v", sum, a["q"])
	}
	b, _, err := run("crop-ndvi", bands)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, text := range a["p"] {
		if !strings.HasPrefix(name, "p_") {
			continue
		}
		x, _ := strconv.ParseFloat(text, 64)
		y, err := strconv.ParseFloat(b["p"][name], 64)
		if compared++; err != nil || math.Abs(x-y) > 1e-3 {
			t.Errorf("%s: %v of NDVI, %v of bands (%v)", name, x, y, err)
		}
	}
	if compared != 12 {
		t.Errorf("%d probabilities, wanted 12", compared)
	}
	if _, _, err := run("crop-small", alone); err == nil || !strings.Contains(err.Error(), "crop-ndvi reads NDVI alone") {
		t.Errorf("crop-small took a table of NDVI: %v", err)
	}
}

// unseen is a date on which nothing was seen.
func unseen(day parcels.Date) models.Look {
	in := models.EmptyCropInput()
	return models.Look{Day: day, Bands: in.Bands[0], Radar: in.Radar[0]}
}

// surveyed gives the class of a crop of the survey: training/ndvi_data.py.
func surveyed(crop string) string {
	switch crop {
	case "cotton", "rice", "maize", "vegetables", "alfalfa", "orchard", "fallow":
		return crop
	case "wheat":
		return "winter_wheat"
	case "wheat-rice":
		return "winter_wheat_rice"
	case "vineyard":
		return "grapes"
	case "melons", "onions", "tomatoes", "pumpkin", "beans", "potatoes":
		return "vegetables"
	}
	if strings.HasPrefix(crop, "wheat-") {
		return "winter_wheat_second_crop"
	}
	return "other"
}

// crop-ndvi is held to its card on the parcels of Central Asia that it never
// saw, read from the survey's file: the accuracy that the card quotes, the ECE of
// 0.05, and nine in ten right of what its rules let pass.
func TestNDVINetworkKeepsItsCard(t *testing.T) {
	b, err := os.ReadFile("../../models/testdata/crop_ndvi.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		HeldOut []int `json:"held_out"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	held := map[int]bool{}
	for _, i := range file.HeldOut {
		held[i] = true
	}
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(root, "data", "crop_series_central_asia", "cawa_ndvi_16day.csv.gz"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []labelled
	for i, line := range lines[1:] {
		l := labelled{id: strconv.Itoa(i), lat: math.NaN()}
		for k, h := range lines[0] {
			if h == "label_1" {
				l.marks[markLabel] = surveyed(line[k])
			}
			doy, ok := strings.CutPrefix(h, "ndvi_doy")
			v, err := strconv.ParseFloat(line[k], 64)
			if !ok || err != nil || v != v {
				continue
			}
			n, _ := strconv.Atoi(doy)
			look := unseen(parcels.Date{Year: 2018, Month: 1, Day: 1}.Add(n + 6)) // the middle of 16 days
			setNDVI(&look, v)
			l.looks = append(l.looks, look)
		}
		if held[i] {
			rows = append(rows, l)
		}
	}
	if len(rows) < 800 {
		t.Fatalf("only %d held-out parcels", len(rows))
	}
	c, err := pureGo(t).classifier("crop-ndvi", ".")
	if err != nil {
		t.Fatal(err)
	}
	results, err := c.classify(context.Background(), rows, wholeYear)
	if err != nil {
		t.Fatal(err)
	}
	v := judge(c.card.Classes, rows, results)
	s, kept := v.scores(), v.kept()
	t.Logf("%d rows, OA %.3f, ECE %.3f, assessable %.3f, of these right %.3f", s.Rows, s.OA, s.ECE, kept.Coverage, kept.Accuracy)
	blocks := c.card.Metrics["held_out"].(map[string]any)["blocks"].(map[string]any)
	if oa := blocks["oa"].(float64); math.Abs(s.OA-oa) > 0.002 {
		t.Errorf("OA %.3f, the card says %.3f", s.OA, oa)
	}
	if s.ECE > 0.05 || kept.Accuracy < 0.9 || kept.Coverage < 0.5 {
		t.Errorf("ECE %.3f; the card's rules let %.3f pass, of which %.3f are right", s.ECE, kept.Coverage, kept.Accuracy)
	}
}

// Suites of several folders are measured as one, from wherever they are called;
// what they lack is told together.
func TestSuitesTogether(t *testing.T) {
	a, _, crops := suiteOf(t, "blocks")
	b, _, _ := suiteOf(t, "year")
	path := filepath.Join(b, "suite.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "{", `{"lacks": "the moon.", `, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := OpenSuites(a, b)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := pureGo(t).Evaluate(context.Background(), EvaluateOptions{Suite: s})
	if err != nil {
		t.Fatal(err)
	}
	if s.Lacks != "the moon." || len(figures) != 2 || figures[0].Rows != len(crops) || figures[1].Rows != len(crops) || figures[1].Split.Kind != "year" {
		t.Errorf("lacks %q, %d figures: %+v", s.Lacks, len(figures), figures)
	}
	if _, err := OpenSuites(a, t.TempDir()); err == nil || !strings.Contains(err.Error(), "make -C training suite") {
		t.Errorf("a folder without a suite: %v", err)
	}
}
