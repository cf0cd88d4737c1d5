package trial

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/parcels"
)

// pureGo are the shipped models in the runtime that is always there.
func pureGo(t *testing.T) Models {
	t.Helper()
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return Models{Registry: reg, Runtimes: []models.Runtime{onnxgo.New()}, Missing: errors.New("libonnxruntime.so is nowhere"), Workers: 1}
}

const header = "date,ID,b02,B03,B04,B05,B06,B07,B08,B8A,B11,B12,label\n"

// long writes series of the test vectors as a long table: id c0, c1 … and one
// line per observed dekad, on the dekad's fifth day.
func long(t *testing.T) (lines []string, inputs map[string]models.CropInput) {
	t.Helper()
	b, err := os.ReadFile("../../models/testdata/crop_features.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct{ Bands [36][10]*float64 }
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	inputs = map[string]models.CropInput{}
	for i, c := range file.Cases {
		id, in, seen := fmt.Sprint("c", i), models.EmptyCropInput(), false
		for d, bands := range c.Bands {
			line, some := fmt.Sprintf("2021-%02d-%02d,%s", d/3+1, d%3*10+5, id), false
			for k, v := range bands {
				line += ","
				if v != nil {
					in.Bands[d][k], some = *v, true
					line += strconv.FormatFloat(*v, 'g', -1, 64)
				}
			}
			if some {
				lines, seen = append(lines, line+",x"), true
			}
		}
		if seen {
			inputs[id] = in
		}
	}
	return lines, inputs
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// answers reads a CSV of answers by id, and the order of the ids.
func answers(t *testing.T, path string) (byID map[string]map[string]string, order []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byID = map[string]map[string]string{}
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		byID[m["id"]], order = m, append(order, m["id"])
	}
	return byID, order
}

// The answers of a table are those of the network for the same series, in order
// of first appearance, however its rows are sorted and in whatever format.
func TestCropTable(t *testing.T) {
	ctx, m := context.Background(), pureGo(t)
	lines, inputs := long(t)
	crop, session, err := m.crop("crop-small")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	scattered := make([]string, 0, len(lines))
	for k := range 7 {
		for i := k; i < len(lines); i += 7 {
			scattered = append(scattered, lines[i])
		}
	}
	outs := map[string]string{}
	for name, rows := range map[string][]string{"grouped": lines, "scattered": scattered} {
		in := write(t, name+".csv", header+strings.Join(rows, "\n")+"\n")
		out := filepath.Join(t.TempDir(), "out.csv")
		sum, err := m.Run(ctx, RunOptions{Model: "crop-small", In: in, Out: out})
		if err != nil {
			t.Fatal(err)
		}
		if sum.Rows != len(lines) || sum.Answers != len(inputs) || sum.Rejected != 0 || sum.Lost != nil {
			t.Errorf("%s: %+v", name, sum)
		}
		got, order := answers(t, out)
		if order[0] != "c0" || name == "grouped" && order[len(order)-1] != strings.Split(lines[len(lines)-1], ",")[1] {
			t.Errorf("%s: order %v", name, order)
		}
		for id, input := range inputs {
			want, _, err := crop.Classify(ctx, []models.CropInput{input})
			if err != nil {
				t.Fatal(err)
			}
			w, g := want[0], got[id]
			if g["crop"] != w.Crop || g["reason"] != w.Reason || g["assessable"] != strconv.FormatBool(w.Assessable) {
				t.Errorf("%s %s: %v, wanted %+v", name, id, g, w)
			}
			for k, class := range crop.Card().Classes {
				if p, err := strconv.ParseFloat(g["p_"+class], 64); err != nil || math.Abs(p-w.Probabilities[k]) > 1e-6 {
					t.Errorf("%s %s: p_%s is %s, wanted %v", name, id, class, g["p_"+class], w.Probabilities[k])
				}
			}
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		outs[name] = string(b)
	}
	// The same table as Parquet, in and out.
	in, out := filepath.Join(t.TempDir(), "in.parquet"), filepath.Join(t.TempDir(), "out.parquet")
	columns := []table.Column{}
	for _, h := range strings.Split(strings.TrimSpace(header), ",") {
		kind := table.Number
		if h == "date" || h == "ID" || h == "label" {
			kind = table.Text
		}
		columns = append(columns, table.Column{Name: h, Kind: kind})
	}
	w, err := table.Create(in, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		var cells []table.Cell
		for i, s := range strings.Split(l, ",") {
			c := table.TextCell(s)
			if v, err := c.Float(); err == nil && columns[i].Kind == table.Number {
				c = table.NumberCell(v)
			}
			cells = append(cells, c)
		}
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(ctx, RunOptions{Model: "crop-small", In: in, Out: out}); err != nil {
		t.Fatal(err)
	}
	r, err := table.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var text strings.Builder
	cw := csv.NewWriter(&text)
	cw.Write(r.Columns())
	for {
		row, err := r.Read()
		if err != nil {
			break
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.String())
		}
		cw.Write(cells)
	}
	cw.Flush()
	if diff := cmp.Diff(outs["grouped"], text.String()); diff != "" {
		t.Errorf("Parquet in and out differs from CSV in and out: %s", diff)
	}
}

// Rows that cannot be used are told with their place, and no id is lost.
func TestBadRowsAreTold(t *testing.T) {
	m := pureGo(t)
	ten := func(v string) string { return strings.TrimSuffix(strings.Repeat(v+",", 10), ",") }
	lines := []string{
		"2021-05-05,a," + ten("0.1") + ",x",               // 2
		"31.05.2021,a," + ten("0.1") + ",x",               // 3
		"2021-06-05,a," + ten("1200") + ",x",              // 4
		"2021-06-15,a,0.1,zero,0.1",                       // 5
		"2021-06-15,b,0.1,zero," + ten("0.1")[:31] + ",x", // 6
		"2021-06-15,," + ten("0.1") + ",x",                // 7
		"2021-07-05T10:30:00Z,a," + ten("0.1") + ",x",     // 8
		"2021-07-15,a," + ten("NaN") + ",y",               // 9
		"2021-07-16,a," + ten("-0.01") + ",x",             // 10
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	sum, err := m.Run(context.Background(), RunOptions{Model: "crop-small", In: write(t, "bad.csv", header+strings.Join(lines, "\n")), Out: out})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(sum.Rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"\ufeffrow", "column", "value", "reason"},
		{"3", "date", "31.05.2021", "is no day: write it as 2024-05-31"},
		{"4", "b02", "1200", "is no reflectance of 0–1 (divide digital numbers by 10000)"},
		{"5", "", "", "the row has 5 cells, the headings are 13"},
		{"6", "B03", "zero", "is no number"},
		{"7", "id", "", "is empty: the row belongs to nothing"},
		{"9", "label", "y", "is not the label of the id's earlier rows, x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	byID, order := answers(t, out)
	if diff := cmp.Diff([]string{"a", "b"}, order); diff != "" {
		t.Error(diff)
	}
	if byID["b"]["reason"] != models.FewDates || byID["b"]["crop"] == "" || sum.Rejected != 6 {
		t.Errorf("b, all of whose rows are bad: %v; %+v", byID["b"], sum)
	}
	// A run without rejects removes the list of an earlier one.
	if _, err := m.Run(context.Background(), RunOptions{Model: "crop-small", In: write(t, "good.csv", header+lines[0]), Out: out}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(sum.Rejects); !os.IsNotExist(err) {
		t.Error("the rejects of an earlier run are still there")
	}
}

func TestRefusedTables(t *testing.T) {
	m := pureGo(t)
	for what, c := range map[string]struct {
		model, name, text, out string
		says                   []string
	}{
		"bands missing":      {"crop-small", "t.csv", "id,date,B02,B03\n", "o.csv", []string{"B04, B05", "table"}},
		"no date":            {"crop-small", "t.csv", strings.Replace(header, "date", "when", 1), "o.csv", []string{"lacks the columns date"}},
		"growth inputs":      {"lai", "t.csv", "B03,B04,view_zenith\n", "o.csv", []string{"B05", "cos_sun_zenith", "lai"}},
		"unknown model":      {"lay", "t.csv", header, "o.csv", []string{"lay", "fapar"}},
		"needs ONNX Runtime": {"crop", "t.csv", header, "o.csv", []string{"crop", "libonnxruntime.so is nowhere", "make setup", "PARUS_ORT_LIB"}},
		"extension":          {"crop-small", "t.csv", header, "o.xlsx", []string{".csv or .parquet"}},
		"a broken Parquet":   {"crop-small", "t.parquet", "PAR1\x00\x01\x02\x03PAR1", "o.csv", []string{"t.parquet"}},
	} {
		out := filepath.Join(t.TempDir(), c.out)
		_, err := m.Run(context.Background(), RunOptions{Model: c.model, In: write(t, c.name, c.text), Out: out})
		if err == nil {
			t.Errorf("%s: taken", what)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %v; wanted %q in it", what, err, s)
			}
		}
		if left, _ := os.ReadDir(filepath.Dir(out)); len(left) > 0 {
			t.Errorf("%s left %v", what, left)
		}
	}
}

// A date column may hold an instant; a look whose ten bands are exactly zero is
// no look; radar and places are taken.
func TestLooksOfARow(t *testing.T) {
	rej := newRejects("x.csv")
	text := "id,date,B02,B03,B04,B05,B06,B07,B08,B11,B12,VV,vh,Lat\na,2021-05-05 03:00:00,0,0,0,0,0,0,0,0,0,-11.5,-18,-20\na,2021-06-05,.1,.1,.1,.1,.1,.1,.1,.1,.1,,NaN,\n"
	var got []*place
	rows, err := readPlaces(context.Background(), write(t, "t.csv", text), rej, func(p *place) error { got = append(got, p); return nil })
	if err != nil || rows != 2 || rej.count() != 0 || len(got) != 1 || len(got[0].looks) != 2 {
		t.Fatalf("%d rows, %v, %v, %+v", rows, err, rej.rows, got)
	}
	first, second := got[0].looks[0], got[0].looks[1]
	if got[0].lat != -20 || first.Day != (parcels.Date{Year: 2021, Month: 5, Day: 5}) || !math.IsNaN(first.Bands[0]) || first.Radar != [2]float64{-11.5, -18} {
		t.Errorf("first %+v at %v", first, got[0].lat)
	}
	if second.Bands[6] != 0.1 || !math.IsNaN(second.Bands[7]) || !math.IsNaN(second.Radar[0]) {
		t.Errorf("second %+v", second)
	}
}
