package feeds

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parus-lending/parus/scoring"
	"github.com/xuri/excelize/v2"
)

// The same two declarations in every format give the same records.
// The GB18030 and UTF-16 bytes are iconv's.
func TestFormats(t *testing.T) {
	const text = "grower_id,地块编码,作物,种植面积亩,播种日期\n0123456789abcdef,3415231002010100011,玉米,15,2024-06-10\n0123456789abcdef,3415231002010100012,冬小麦,1.5,2023-10-15\n"
	gb := "grower_id,\xb5\xd8\xbf\xe9\xb1\xe0\xc2\xeb,\xd7\xf7\xce\xef,\xd6\xd6\xd6\xb2\xc3\xe6\xbb\xfd\xc4\xb6,\xb2\xa5\xd6\xd6\xc8\xd5\xc6\xda\n" +
		"0123456789abcdef,3415231002010100011,\xd3\xf1\xc3\xd7,15,2024-06-10\n0123456789abcdef,3415231002010100012,\xb6\xac\xd0\xa1\xc2\xf3,1.5,2023-10-15\n"
	files := map[string]string{
		"UTF-8":                             text,
		"GB18030":                           gb,
		"UTF-8 with mark, blank line, CRLF": "\ufeff" + strings.ReplaceAll(strings.Replace(text, "\n", "\n\n", 1), "\n", "\r\n"),
		"semicolons":                        strings.ReplaceAll(text, ",", ";"),
		"tabs, title above":                 "二〇二四年种植申报表\n" + strings.ReplaceAll(text, ",", "\t"),
		"quoted, full width":                strings.ReplaceAll(strings.ReplaceAll(text, "玉米", `" 玉米 "`), "种植面积亩", `"种植面积（亩）"`),
	}
	var utf16 bytes.Buffer
	utf16.WriteString("\xff\xfe")
	for _, r := range text {
		utf16.Write([]byte{byte(r), byte(r >> 8)})
	}
	files["UTF-16"] = utf16.String()
	var want []scoring.Declaration
	for name, content := range files {
		l, err := Load(context.Background(), map[string]string{"declarations": save(t, "declarations.csv", content)}, Options{Key: testKey(t)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := l.Records.Declarations
		if len(got) != 2 || got[0].Crop != "maize" || got[0].Area != 10_000_00 || got[1].Planting != day("2023-10-15") {
			t.Errorf("%s: %+v %+v", name, got, l.Rejects)
			continue
		}
		for i := range got {
			got[i].Source = ""
		}
		if want == nil {
			want = got
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if f := l.Reports[0].Format; !strings.HasPrefix(name, f) && len(name) < 8 {
			t.Errorf("%s is called %s", name, f)
		}
	}
}

func book(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", at, &r); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// In XLSX days are numbers (45453 is 2024-06-10: 45292 is 2024-01-01, day 162
// of the year comes 161 later) and a code typed as a number has lost its end.
func TestXLSX(t *testing.T) {
	path := book(t,
		[]any{"种植申报"},
		[]any{"grower_id", "parcel_id", "crop", "area_mu", "planting", "season"},
		[]any{"0123456789abcdef", parcelA, "玉米", 15, 45453, 2024},
		[]any{},
		[]any{"0123456789abcdef", 3415231002010100012.0, "maize", 15.0, "2024-06-10", "2024"},
		[]any{"0123456789abcdef", parcelB, "maize", "x"})
	l, err := Load(context.Background(), map[string]string{"declarations": path}, Options{Key: testKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	if d := l.Records.Declarations; len(d) != 1 || d[0].ParcelID != parcelA || d[0].Planting != day("2024-06-10") || d[0].Season != "2024" || d[0].Source != "book.xlsx:3" || d[0].Area != 10_000_00 {
		t.Errorf("declarations %+v", d)
	}
	if r := l.Rejects; len(r) != 2 || r[0].Row != 5 || !strings.Contains(r[0].Reason, "rounded") || r[1].Row != 6 || r[1].Column != "area_mu" {
		t.Errorf("rejects %+v", r)
	}
	if l.Reports[0].Format != "XLSX" {
		t.Errorf("format %s", l.Reports[0].Format)
	}
}

// Rows keep the numbers a spreadsheet shows: a line break inside a cell is no
// row; a quote that never closes costs its own row only.
func TestRowNumbers(t *testing.T) {
	l := read(t, map[string]string{"statistics": "crop,year,yield_kg_mu,legal_basis\nmaize,2020,400,\"two\nlines\"\nmaize,2021,x,\n"})
	if r := l.Rejects; len(r) != 1 || r[0].Row != 3 {
		t.Errorf("after a line break inside a cell: %+v", r)
	}
	l = read(t, map[string]string{"statistics": "crop,year,yield_kg_mu\nmaize,2020,400\n\"maize,2021,400\nmaize,2022,400\n"})
	if r := l.Rejects; len(l.Records.Statistics) != 2 || len(r) != 1 || r[0].Row != 3 || !strings.Contains(r[0].Reason, "quotes") {
		t.Errorf("after an open quote: %+v %+v", l.Records.Statistics, r)
	}
}

// A cell with more semicolons than the headings have commas is still one cell.
func TestSeparatorIsTheHeadings(t *testing.T) {
	l := read(t, map[string]string{"policies": "policy_id,grower_id,crop,parcel_ids,valid_from,valid_to\nP1,0123456789abcdef,rice,a;b;c;d;e;f;g;h;i,2024-01-01,2024-12-31\n"})
	if p := l.Records.Policies; len(p) != 1 || len(p[0].ParcelIDs) != 9 {
		t.Errorf("%+v %+v", p, l.Rejects)
	}
}

// A title with a comma and decimals with commas do not part semicolons' columns.
func TestSeparatorIsNotWhatStandsInMoreLines(t *testing.T) {
	text := "Yields, 2020\ncrop;year;yield_kg_mu\nmaize;2020;\"1,400\"\nrice;2020;\"1,500\"\n"
	if got := separator(text); got != ';' {
		t.Errorf("separator %q, want ';'", got)
	}
}

// An unreadable file or a missing column stops the run and says what to do.
func TestErrors(t *testing.T) {
	key := testKey(t)
	good := save(t, "s.csv", "crop,year,yield_kg_mu\nmaize,2020,400\n")
	for _, x := range []struct {
		feed, path string
		opt        Options
		says       []string
	}{
		{"statistics", "no/such.csv", Options{}, []string{"statistics", "no/such.csv", "[feeds]"}},
		{"weather", good, Options{}, []string{"weather", "contractors", "statistics"}},
		{"statistics", save(t, "a.csv", ""), Options{}, []string{"no row of headings", "yield_kg_mu", "单产"}},
		{"statistics", save(t, "a.csv", "a,b\n1,2\n"), Options{}, []string{"no row of headings"}},
		{"statistics", save(t, "a.csv", "crop,year\nmaize,2020\n"), Options{}, []string{"column missing: yield_kg_mu", "yield_t_ha", "单产", "a.csv"}},
		{"declarations", save(t, "a.csv", "parcel_id,crop\nx,maize\n"), Options{Key: key}, []string{"column missing", "id_number", "CBFBM", " or grower_id"}},
		{"declarations", save(t, "a.csv", "CBFBM,parcel_id,crop\nx,y,maize\n"), Options{Key: key}, []string{"no contractors feed", "id_number"}},
		{"declarations", save(t, "a.csv", "id_number,parcel_id,crop\nx,y,maize\n"), Options{}, []string{"identity_key"}},
		{"statistics", save(t, "a.csv", "crop,year,\xff\xff\xff\n"), Options{}, []string{"neither UTF-8 nor GB18030"}},
		{"statistics", save(t, "a.xls", "\xd0\xcf\x11\xe0\xa1\xb1"), Options{}, []string{".xlsx"}},
		{"statistics", save(t, "a.xlsx", "PK\x03\x04 broken"), Options{}, []string{"XLSX"}},
	} {
		_, err := Load(context.Background(), map[string]string{x.feed: x.path}, x.opt)
		if err == nil {
			t.Errorf("%s from %s: no error", x.feed, x.path)
			continue
		}
		for _, s := range x.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s from %s: %v does not say %q", x.feed, x.path, err, s)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, map[string]string{"statistics": good}, Options{}); err == nil {
		t.Error("a cancelled load went on")
	}
}

// What Table writes, Load reads.
func TestTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "declarations.csv")
	w := NewTable("declarations", "grower_id", "DKBM", "crop", "area_m2", "planting")
	w.Add("0123456789abcdef", parcelA, "rice", scoring.Area(123_45), day("2024-06-01"))
	w.Add("0123456789abcdef", parcelB, "rice", 0.1, nil)
	if err := w.Write(path); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "\ufeffgrower_id,DKBM,crop,area_m2,planting\n0123456789abcdef,"+parcelA+",rice,123.45,2024-06-01\n0123456789abcdef,"+parcelB+",rice,0.1,\n" {
		t.Fatalf("%v %q", err, b)
	}
	l, err := Load(context.Background(), map[string]string{"declarations": path}, Options{Key: testKey(t)})
	if err != nil || len(l.Records.Declarations) != 2 || l.Records.Declarations[0].Area != 123_45 {
		t.Errorf("%+v %v", l, err)
	}
	for _, bad := range []*Table{NewTable("nothing"), NewTable("costs", "colour"), func() *Table { t := NewTable("costs", "crop"); t.Add("rice", 1); return t }()} {
		if bad.Write(path) == nil {
			t.Error("a table that no feed reads was written")
		}
	}
}

// No heading may name two fields of a feed, and key fields must exist.
func TestLayoutsAreSound(t *testing.T) {
	made := map[string]bool{"person": true, "from": true, "to": true}
	for _, l := range Layouts {
		seen := map[string]string{}
		for _, f := range l.Fields {
			made[f.Name] = true
			for _, h := range f.Headings {
				if other, ok := seen[plain(h.Name)]; ok && other != f.Name {
					t.Errorf("%s: heading %s names %s and %s", l.Feed, h.Name, other, f.Name)
				}
				seen[plain(h.Name)] = f.Name
			}
		}
		for _, k := range l.Key {
			if !made[k] {
				t.Errorf("%s: key %s is no field", l.Feed, k)
			}
		}
	}
	for name, want := range map[string]string{"Maize": "maize", "Permanent grass crops": "grass", "WINTER_WHEAT": "winter_wheat", " 小麦 ": "winter_wheat", "水稻": "rice"} {
		if got, ok := Crop(name); !ok || got != want {
			t.Errorf("Crop(%q) = %q", name, got)
		}
	}
	if c, ok := Crop("gold"); ok {
		t.Errorf("gold is a crop: %s", c)
	}
}

// Whatever a file holds, loading ends, each row is loaded, rejected or late,
// and each reject says why.
func FuzzLoad(f *testing.F) {
	f.Add(uint8(1), []byte("CBHTBM,DKBM,id_number\nC1,3415231002010100011,"+zhang+"\n"))
	f.Add(uint8(0), []byte(contractorsCSV()))
	f.Add(uint8(7), []byte("id_number;lender;outstanding\n"+li+";x;1e3\n\"open;;\n"))
	f.Add(uint8(8), []byte("\xff\xfec\x00"))
	f.Add(uint8(9), []byte("crop,year,\xb5\xa5\xb2\xfa\nmaize,2020,1\n"))
	key := testKey(f)
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		feed := Layouts[int(which)%len(Layouts)].Feed
		l, err := Load(context.Background(), map[string]string{feed: save(t, "f.csv", string(content))}, Options{Key: key, County: "341523", AsOf: day("2024-07-15")})
		if err != nil {
			return
		}
		if r := l.Reports[0]; r.Rows != r.Loaded+r.Rejected+r.Late {
			t.Errorf("rows are lost: %+v", r)
		}
		for _, r := range l.Rejects {
			if r.Reason == "" || r.Advice == "" || r.Row < 1 {
				t.Errorf("reject says too little: %+v", r)
			}
		}
	})
}
