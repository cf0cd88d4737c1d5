package table_test

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/parus-lending/parus/data/table"
)

// all reads a table as text: one line a row, its number first, faults in angle
// brackets.
func all(t *testing.T, r *table.Reader) []string {
	t.Helper()
	var out []string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.String())
		}
		if row.Fault != "" {
			cells = []string{"<" + row.Fault + ">"}
		}
		out = append(out, table.NumberCell(float64(row.Number)).String()+": "+strings.Join(cells, "|"))
	}
}

func text(t *testing.T, s string, want ...string) *table.Reader {
	t.Helper()
	r, err := table.NewReader("t.csv", strings.NewReader(s), int64(len(s)), want...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Row numbers are those a spreadsheet shows: a cell of two lines is one row, an
// empty line is a row of its own.
func TestCSVKeepsItsRows(t *testing.T) {
	r := text(t, "ID;B02;note\r\n1;0.1;\"a;b\"\r\n\r\n2;0.2;\"two\nlines\"\n3;0.3;\"never closed\n4;0.4\n5;0.5;said \"\"so\n6;0.6;\"\"\n7;0.7;;;\n")
	want := []string{`2: 1|0.1|a;b`, "4: 2|0.2|two\nlines", "5: <the quotes of the row do not pair up>", "6: <the row has 2 cells, the headings are 3>",
		"7: <the quotes of the row do not pair up>", "8: 6|0.6|", "9: 7|0.7|"}
	if diff := cmp.Diff(want, all(t, r)); diff != "" {
		t.Error(diff)
	}
	if r.Find("b02") != 1 || r.Find("b03") != -1 {
		t.Error("columns are not found without regard to case")
	}
	if diff := cmp.Diff([]string{"2: 0.1"}, all(t, text(t, "ID,B02,note\n1,0.1,x\n", "b02"))); diff != "" {
		t.Error(diff)
	}
}

func TestEncodings(t *testing.T) {
	const plain = "id,乡\n1,城关镇\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"UTF-8": plain, "UTF-8 with mark": "\ufeff" + plain, "GB18030": gb, "UTF-16": utf16} {
		r := text(t, s)
		if r.Find("乡") != 1 || r.Find("id") != 0 {
			t.Errorf("%s: columns %q", name, r.Columns())
		}
		if diff := cmp.Diff([]string{"2: 1|城关镇"}, all(t, r)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	for says, s := range map[string]string{
		"is empty":                             "\n \n",
		`columns 2 and 4 are both called "b`:   "id,B02,c,b02\n",
		"quotes of the headings":               "id,\"B02\n1,2\n",
		"spreadsheet":                          "PK\x03\x04rest",
		"read table t.csv: the file is broken": "PAR1",
	} {
		_, err := table.NewReader("t.csv", strings.NewReader(s), int64(len(s)))
		if err == nil || !strings.Contains(err.Error(), says) && !strings.HasPrefix(s, "PAR1") {
			t.Errorf("%q gave %v; wanted %q", s, err, says)
		}
	}
	if _, err := table.Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder gave %v", err)
	}
	if _, err := table.Create(filepath.Join(t.TempDir(), "out.xlsx"), nil); err == nil || !strings.Contains(err.Error(), ".parquet") {
		t.Errorf("an extension that is not known gave %v", err)
	}
}

func TestFloat(t *testing.T) {
	for s, want := range map[string]float64{"0.25": 0.25, " -1e-3 ": -0.001, "": math.NaN(), "NaN": math.NaN(), "na": math.NaN(), "NULL": math.NaN()} {
		if got, err := table.TextCell(s).Float(); err != nil || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for s, says := range map[string]string{"abc": "no number", "0,25": "point", "Inf": "no number", "1e999": "no number"} {
		if got, err := table.TextCell(s).Float(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

// A Parquet file with the types others write: days, instants, whole numbers of
// more than 53 bits, and a nested column that is passed over.
func TestParquetTypes(t *testing.T) {
	type row struct {
		ID    int64     `parquet:"ID"`
		Day   int32     `parquet:"day,date"`
		At    time.Time `parquet:"at,timestamp(microsecond)"`
		B02   *float32  `parquet:"b02,optional"`
		OK    bool      `parquet:"ok"`
		Parts []int32   `parquet:"parts,list"`
	}
	v := float32(0.25)
	var buf bytes.Buffer
	rows := []row{{9007199254740993, 18993, time.Date(2022, 1, 1, 10, 30, 0, 0, time.UTC), &v, true, []int32{1, 2}}, {2, 0, time.Unix(-1, 0), nil, false, nil}}
	if err := parquet.Write(&buf, rows); err != nil {
		t.Fatal(err)
	}
	r, err := table.NewReader("t.parquet", bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]table.Kind{table.Number, table.Text, table.Text, table.Number, table.Bool}, r.Kinds()); diff != "" {
		t.Error(diff)
	}
	want := []string{"1: 9007199254740993|2022-01-01|2022-01-01T10:30:00Z|0.25|true", "2: 2|1970-01-01|1969-12-31T23:59:59Z||false"}
	if diff := cmp.Diff(want, all(t, r)); diff != "" {
		t.Error(diff)
	}
}

// What is written is read again, in both formats, and appears only when whole.
func TestWriteAndRead(t *testing.T) {
	for _, name := range []string{"t.csv", "t.parquet"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := table.Create(path, []table.Column{{Name: "z", Kind: table.Text}, {Name: "a", Kind: table.Number}, {Name: "m", Kind: table.Bool}})
		if err != nil {
			t.Fatal(err)
		}
		for _, cells := range [][]table.Cell{{table.TextCell("x,\"y\""), table.NumberCell(1e-7), table.BoolCell(true)}, {{}, table.NumberCell(math.NaN()), table.BoolCell(false)}} {
			if err := w.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Write(nil); err == nil {
			t.Errorf("%s: a row without cells was written", name)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s stands before it is whole", name)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := table.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		got := all(t, r)
		for i := range got {
			_, got[i], _ = strings.Cut(got[i], ": ")
		}
		if diff := cmp.Diff([]string{`x,"y"|0.0000001|true`, "||false"}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff([]string{"z", "a", "m"}, r.Columns()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		r.Close()
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".tmp-*")); len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

// FuzzTable: no bytes make the reader panic, and every row of what it takes has
// its columns and a rising number.
func FuzzTable(f *testing.F) {
	f.Add([]byte("id,date,B02\n1,2021-05-03,0.1\n2,\"x\ny\",\n"))
	f.Add([]byte("\xff\xfei\x00d\x00\n\x001\x00\n\x00"))
	f.Add([]byte("a;b\n\"1;2\n3;4\n"))
	var buf bytes.Buffer
	if err := parquet.Write(&buf, []struct {
		ID  string   `parquet:"id"`
		B02 *float64 `parquet:"B02,optional"`
	}{{"a", nil}, {"b", new(float64)}}); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	for _, name := range []string{"plain v1", "snappy v2", "zstd v1"} {
		f.Add(written(f)[name])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := table.NewReader("fuzz", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		defer r.Close()
		last := 0
		for range 10000 {
			row, err := r.Read()
			if err != nil {
				return
			}
			if len(row.Cells) != len(r.Columns()) || row.Number <= last {
				t.Fatalf("row %d after %d has %d cells for %d columns", row.Number, last, len(row.Cells), len(r.Columns()))
			}
			last = row.Number
			for _, c := range row.Cells {
				if v, err := c.Float(); err == nil && math.IsInf(v, 0) {
					t.Fatalf("%+v is infinite", c)
				}
			}
		}
	})
}
