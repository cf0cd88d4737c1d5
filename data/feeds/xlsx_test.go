package feeds

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func sheetOf(t testing.TB, path, name string) ([][]string, error) {
	t.Helper()
	each, err := xlsxTable(path, name)
	if err != nil {
		return nil, err
	}
	var out [][]string
	err = each(context.Background(), func(l line) error {
		for len(out) < l.number-1 {
			out = append(out, nil)
		}
		out = append(out, l.cells)
		return nil
	})
	return out, err
}

// What excelize, an independent reader, finds in a workbook of its own, of text of
// every kind, is what this reader finds; so with the sheet it is asked for.
func TestXLSXAgainstExcelize(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("明细"); err != nil {
		t.Fatal(err)
	}
	for _, sheet := range []string{"Sheet1", "明细"} {
		for i, row := range [][]any{{sheet, "<b> & \"c\" 'd'", "两\n行", " blanks "}, {}, {3.5, -2, true, "3415231002010100011", 1e21}, {nil, nil, "_x000D_", "_x0041_b"}} {
			at, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow(sheet, at, &row); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellRichText(sheet, "F3", []excelize.RichTextRun{{Text: "rich "}, {Text: "text", Font: &excelize.Font{Bold: true}}}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	for _, sheet := range []string{"Sheet1", "明细"} {
		want, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := sheetOf(t, path, sheet)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmp.Transformer("empty", func(c []string) []string { return append([]string{}, c...) })); d != "" {
			t.Errorf("%s (-excelize +own):\n%s", sheet, d)
		}
	}
	if _, err := sheetOf(t, path, "nothing"); err == nil || !strings.Contains(err.Error(), "明细") {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

// sheetXML is a workbook whose sheet is the given XML.
func sheetXML(t testing.TB, sheet []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="x"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="x" Target="worksheets/s.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst><si><t>zero</t></si><si><r><t>o</t></r><rPh><t>no</t></rPh><r><t>ne</t></r></si><si/></sst>`,
		"xl/worksheets/s.xml":        string(sheet),
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// XML as other programs write it: prefixes, cells without names, remarks, CDATA,
// a > within an attribute. Read by eye.
func TestSheetXML(t *testing.T) {
	got, err := sheetOf(t, sheetXML(t, []byte(`<?xml version="1.0"?><x:worksheet><!-- <row> --><x:sheetData><x:row><x:c t="s"><x:v>1</x:v></x:c><x:c><x:f>A1&gt;2</x:f><x:v> 7 </x:v></x:c></x:row>`+
		`<row r="4" spans='1:2'><c r="C4" q="a>b" t="inlineStr"><is><t>x&#x4e2d;&amp;<![CDATA[<&>]]></t></is></c><c r="D4"/><c t="s"><v>2</v></c></row></x:sheetData></x:worksheet>`)), "")
	want := [][]string{{"one", "7"}, nil, nil, {"", "", "x中&<&>", "", ""}}
	// An empty cell that ends a row may be left out.
	if err == nil && len(got) == 4 && len(got[3]) == 3 {
		got[3] = append(got[3], "", "")
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	for _, bad := range []string{`<!DOCTYPE x [<!ENTITY a "b">]><row/>`, `<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c/></row>`, `<row><c t="s"><v>9</v></c></row>`, `<row><c r="12"><v>1</v></c></row>`, `<row><c><v>&nope;</v></c></row>`, `<row><c><v>1`} {
		if got, err := sheetOf(t, sheetXML(t, []byte(bad)), ""); err == nil {
			t.Errorf("%s reads as %q", bad, got)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>a</t></r></is></c></row></sheetData>`))
	f.Add([]byte(`<row><c r="ZZ1"><v>1&#65;</v></c></row><row/><!-- x --><row><c t="b"><v>1</v></c></row>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		last := 0
		each, err := xlsxTable(sheetXML(t, sheet), "")
		if err != nil {
			t.Fatal(err)
		}
		_ = each(context.Background(), func(l line) error {
			if l.number <= last || len(l.cells) > mostColumns {
				t.Errorf("row %d of %d cells follows row %d", l.number, len(l.cells), last)
			}
			last = l.number
			return nil
		})
	})
}
