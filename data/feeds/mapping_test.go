package feeds

import (
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// An insurer's sheet under its own headings and codes: read by a mapping, it gives
// the policy that it describes. 15 mu = 10 000 m².
func TestMapping(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("明细"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{{"crop", "area_mu"}, {"保险明细"}, {"单号", "证件", "险种代码", "标的面积", "起", "止", "乱"}, {"P1", zhang, "A01", "15", "2024-05-01", "2024-10-31", "张大山"}} {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("明细", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	path := t.TempDir() + "/insurer.xlsx"
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	m, err := ParseMapping([]byte(`
feed = "policies"
sheet = "明细"
head_row = 3
[columns]
"单号" = "policy_id"
"证件" = "id_number"
"险种代码" = "crop"
"标的面积" = "area_mu"
"起" = "valid_from"
"止" = "保险止期"
"乱" = ""
[codes.crop]
"A01" = "rice"
[set]
authority = "insurer_of_the_county"
beneficiary = "县农商行"
`), "policies")
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(context.Background(), map[string]string{"policies": path}, Options{Key: testKey(t), Mappings: map[string]*Mapping{"policies": m}})
	if err != nil {
		t.Fatal(err)
	}
	p := l.Records.Policies
	if len(p) != 1 || p[0].Crop != "rice" || p[0].Area != 10_000_00 || p[0].Authority != "insurer_of_the_county" || p[0].Beneficiary != "县农商行" || p[0].ValidTo != day("2024-10-31") || p[0].Source != "insurer.xlsx:4" {
		t.Errorf("%+v %+v", p, l.Rejects)
	}
}

// Each mistake of a mapping is named.
func TestBadMappings(t *testing.T) {
	for text, says := range map[string]string{
		"feed = \"debts\"":                      "not for",
		"[columns]\n\"x\" = \"colour\"":         "colour",
		"[codes.colour]\n\"1\" = \"2\"":         "colour is no field",
		"[set]\nchecksum = \"1\"":               "checksum is no field",
		"[extras]\n\"a\" = \"b\"":               "roster",
		"colums = 1\n[columns]\n\"x\"=\"crop\"": "colums is not a setting",
		"[columns":                              "",
	} {
		if _, err := ParseMapping([]byte(text), "policies"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// What a whitelist says besides becomes extras, by its mapping or its headings; a
// person's name in them does not leave.
func TestExtras(t *testing.T) {
	m, err := ParseMapping([]byte("[extras]\n\"经营规模\" = \"scale\"\n"), "roster")
	if err != nil {
		t.Fatal(err)
	}
	path := save(t, "white.csv", "身份证号,姓名,经营规模,extra_breed,扩展_推荐人,其他栏\n"+zhang+",张大山,大型农场,杂交稻品种,张大山,x\n")
	opt := options(t, t.TempDir())
	opt.Mappings = map[string]*Mapping{"roster": m}
	if _, err := Import(context.Background(), "roster", path, opt); err != nil {
		t.Fatal(err)
	}
	l, err := Load(context.Background(), nil, Options{Store: opt.Store})
	if err != nil || len(l.Records.Roster) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	e := l.Records.Roster[0].Extras
	if len(e) != 3 || e["scale"] != "大型农场" || e["breed"] == "" || !strings.HasPrefix(e["推荐人"], "private-") {
		t.Errorf("extras %q", e)
	}
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte("[columns]\n\"面积\" = \"area_mu\"\n[codes.crop]\n\"1\" = \"rice\"\n[set]\nseason = \"2024\"\n"), []byte("policy_id,grower_id,crop,面积,valid_from,valid_to\nP1,0123456789abcdef,1,3,2024-01-01,2024-12-31\n"))
	f.Add([]byte("head_row = 2\n"), []byte("x\npolicy_id,grower_id,crop,valid_from,valid_to\nP,0123456789abcdef,rice,2024-01-01,2024-12-31\n"))
	key := testKey(f)
	f.Fuzz(func(t *testing.T, mapping, content []byte) {
		m, err := ParseMapping(mapping, "policies")
		if err != nil {
			return
		}
		l, err := Load(context.Background(), map[string]string{"policies": save(t, "p.csv", string(content))}, Options{Key: key, Mappings: map[string]*Mapping{"policies": m}})
		if err != nil {
			return
		}
		for _, r := range l.Reports {
			if r.Rows != r.Loaded+r.Rejected+r.Late {
				t.Errorf("rows are lost: %+v", r)
			}
		}
	})
}
