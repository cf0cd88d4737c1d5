package feeds

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Marked names, numbers and phones stand in every column of every feed, one at
// a time, beside good cells. None may leave: not in records, rejects, reports,
// notes or inputs, nor in the rejects file.
func TestNothingPersonalLeaves(t *testing.T) {
	mistyped := zhang[:17] + "0"
	marks := []string{"张大山", "李小雀", "欧阳山雀", "Great Tit Marked", zhang, li, mistyped, "13800000001", "138-0000-0001", "138.0000.0001", "0086 13800000001", "王二麻 13700000009"}
	good := map[string]string{
		"contract_id": "C1", "parcel_id": parcelA, "contractor_id": zhangCode, "to_contractor_id": liCode, "transfer_id": "T1", "policy_id": "P1",
		"crop": "maize", "year": "2022", "yield_kg_mu": "400", "lender": "县农商行", "outstanding_yuan": "5", "valid_from": "2023-01-01", "valid_to": "2025-01-01", "total_yuan_mu": "800",
		"issuer_id": "34152310020101", "village": "小南村", "certificate_id": "Q1", "day": "2024-01-05", "price_yuan_50kg": "118", "notice_id": "N1", "places": "341523",
		"machine_id": "M1", "weight_kg": "900", "meter_id": "E1", "power_kwh": "20", "list": "court", "listed": "否", "claim_id": "Q7", "geometry": "POLYGON((115 31,115.001 31,115.001 31.001,115 31))",
	}
	kinds := map[string]string{"disasters": "flood", "machinery": "tractor"}
	contractors := contractorsCSV() + "341523100201010009,2,Great Tit Marked,5,PASS123456,\n341523100201010010,2,欧阳山雀,5,PASS123457,\n"
	tried := 0
	people, key := save(t, "contractors.csv", contractors), testKey(t)
	for _, lay := range Layouts {
		if lay.Feed == "contractors" {
			continue
		}
		for _, f := range lay.Fields {
			if f.Kind == ParcelID || f.Kind == Parcels || f.Stored {
				continue // the land registry's own key, held against the parcels file
			}
			var head []string
			var rows strings.Builder
			for i, mark := range marks {
				if f.Kind == Code && mark == mistyped {
					continue // 18 digits with a wrong check digit cannot be told from a registry code
				}
				var cells []string
				head = nil
				for _, g := range lay.Fields {
					value := good[g.Name]
					switch {
					case g.Name == "kind":
						value = kinds[lay.Feed]
					case g.Name == "id_number" && g.Need:
						value = zhang
					case value != "" && slices.Contains(lay.Key, g.Name) && (g.Kind == Code || g.Kind == ParcelID): // no duplicates
						value = fmt.Sprintf("%s%02d", value[:len(value)-len(value)/9], i)
					case g.Name == "day":
						value = fmt.Sprintf("2024-01-%02d", i+1)
					}
					if g.Name != f.Name && value == "" || g.Stored {
						continue
					}
					head = append(head, g.Name)
					if g.Name == f.Name {
						value = mark
					}
					cells = append(cells, value)
				}
				rows.WriteString(strings.Join(cells, ",") + "\n")
				tried++
			}
			paths := map[string]string{"contractors": people, lay.Feed: save(t, lay.Feed+".csv", strings.Join(head, ",")+"\n"+rows.String())}
			l, err := Load(context.Background(), paths, Options{Key: key, County: "341523", AsOf: day("2024-07-15")})
			if err != nil {
				t.Fatalf("%s.%s: %v", lay.Feed, f.Name, err)
			}
			for n := range l.Inputs {
				l.Inputs[n].Path = filepath.Base(l.Inputs[n].Path)
			}
			out := fmt.Sprintf("%+v", *l)
			for _, secret := range slices.Concat(marks, []string{"王二麻", "13700000009", strings.ToLower(li)}) {
				if secret != mistyped && strings.Contains(out, secret) || secret == mistyped && f.Kind != Code && strings.Contains(out, secret) {
					t.Errorf("%s.%s leaves %q:\n%s", lay.Feed, f.Name, secret, out)
				}
			}
		}
	}
	if tried < 1000 {
		t.Fatalf("only %d cells tried", tried)
	}
	file := filepath.Join(t.TempDir(), "rejects.csv")
	if err := WriteRejects(file, []Reject{{Feed: "f", Row: 2}}); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "\ufefffeed,file,row,column,value,reason,advice\nf,,2,,,,\n" {
		t.Fatalf("rejects file: %v\n%s", err, b)
	}
}

// A firm, a bank and a bureau are not people.
func TestInstitutionsKeepTheirNames(t *testing.T) {
	known := newPeople()
	known.private.add("张大山")
	s := &source{people: &known}
	for _, v := range []string{"县农商行", "中国银行", "农业农村局", "人保财险", "Village Bank", "season", "2024", "insured_season", "个人同意书"} {
		if s.personal(v) {
			t.Errorf("%q is taken for a person", v)
		}
	}
}

func TestRosterGivesNamesByGrower(t *testing.T) {
	key := testKey(t)
	people, err := Roster(save(t, "contractors.csv", contractorsCSV()), key)
	if err != nil {
		t.Fatal(err)
	}
	if p := people[key.GrowerID(li)]; len(people) != 3 || p.Name != "李小雀" || p.Phone != "13800000002" {
		t.Errorf("people %+v", people)
	}
	if people, err = Roster(save(t, "roster.csv", "id_number,姓名\n"+zhang+",张大山\n"), key); err != nil || people[key.GrowerID(zhang)].Name != "张大山" {
		t.Errorf("a roster with names: %+v %v", people, err)
	}
	if _, err = Roster(save(t, "roster.csv", "parcel_id\nx\n"), key); err == nil || !strings.Contains(err.Error(), "id_number") {
		t.Errorf("a file without names: %v", err)
	}
}
