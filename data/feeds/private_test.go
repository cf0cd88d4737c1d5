package feeds

import (
	"fmt"
	"os"
	"path/filepath"
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
	}
	contractors := contractorsCSV() + "341523100201010009,2,Great Tit Marked,5,PASS123456,\n341523100201010010,2,欧阳山雀,5,PASS123457,\n"
	tried := 0
	for _, lay := range Layouts {
		if lay.Feed == "contractors" {
			continue
		}
		for _, f := range lay.Fields {
			if f.Kind == ParcelID || f.Kind == Parcels {
				continue // the land registry's own key, held against the parcels file
			}
			for i, mark := range marks {
				if f.Kind == Code && mark == mistyped {
					continue // 18 digits with a wrong check digit cannot be told from a registry code
				}
				var head, cells []string
				for _, g := range lay.Fields {
					if g.Name != f.Name && good[g.Name] == "" {
						continue
					}
					head = append(head, g.Name)
					if g.Name == f.Name {
						cells = append(cells, mark)
					} else {
						cells = append(cells, good[g.Name])
					}
				}
				l := read(t, map[string]string{"contractors": contractors, lay.Feed: strings.Join(head, ",") + "\n" + strings.Join(cells, ",") + "\n"})
				tried++
				for n := range l.Inputs {
					l.Inputs[n].Path = filepath.Base(l.Inputs[n].Path)
				}
				file := filepath.Join(t.TempDir(), "rejects.csv")
				if err := WriteRejects(file, l.Rejects); err != nil {
					t.Fatal(err)
				}
				b, err := os.ReadFile(file)
				if err != nil || !strings.HasPrefix(string(b), "\ufefffeed,file,row,column,value,reason,advice\n") {
					t.Fatalf("rejects file: %v\n%s", err, b)
				}
				out := fmt.Sprintf("%+v", *l) + string(b)
				for _, secret := range []string{marks[i], "13800000001", "王二麻", "13700000009", strings.ToLower(li)} {
					if strings.Contains(out, secret) {
						t.Errorf("%s.%s = %q leaves %q:\n%s", lay.Feed, f.Name, mark, secret, b)
					}
				}
			}
		}
	}
	if tried < 500 {
		t.Fatalf("only %d cells tried", tried)
	}
}

// A firm, a bank and a bureau are not people.
func TestInstitutionsKeepTheirNames(t *testing.T) {
	s := &source{people: &people{private: map[string]bool{"张大山": true}}}
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
