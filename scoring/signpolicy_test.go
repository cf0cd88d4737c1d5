package scoring

import (
	"bytes"
	"strings"
	"testing"
)

// A release writes three lines and changes nothing else, whatever stood there.
func TestSignCreditPolicy(t *testing.T) {
	plain := string(DefaultCreditPolicy())
	signed, err := SignCreditPolicy([]byte(plain), "lin", "chen", day("2024-03-05"))
	if err != nil {
		t.Fatal(err)
	}
	// By hand: the three lines stand behind that of id.
	want := strings.Replace(plain, "id = \"default\"\n", "id = \"default\"\nauthor = \"lin\"\napproved_by = \"chen\"\napproved_on = \"2024-03-05\"\n", 1)
	if string(signed) != want {
		t.Errorf("%.600s", signed)
	}
	again, err := SignCreditPolicy(signed, "wu", "chen", day("2024-04-06"))
	if cp, bad := ParseCreditPolicy(again); err != nil || bad != nil || cp.Author != "wu" || cp.ApprovedBy != "chen" || cp.ApprovedOn != day("2024-04-06") || len(again) != len(signed)-1 {
		t.Error(err, bad)
	}
	for text, why := range map[string]string{
		strings.Replace(plain, `lender = ""`, "lender = \"\"\nauthor = [", 1):                           "",
		strings.Replace(plain, `id = "default"`, `"id" = "default"`, 1):                                 "id must stand",
		strings.Replace(plain, `cap_yuan = 300000`, `cap_yuan = -1`, 1):                                 "line ",
		strings.Replace(plain, `lender = ""`, "lender = \"\"\n\"author\" = \"x\"", 1):                   "sign",
		strings.Replace(plain, `lender = ""`, "lender = \"\"\n  author = \"x\" # who", 1):               "fine",
		strings.Replace(plain, "lender = \"\"", "lender = \"\"\nauthor = \"\"\"\n[x]\nid = 1\"\"\"", 1): "sign",
	} {
		if _, err := SignCreditPolicy([]byte(text), "lin", "chen", day("2024-03-05")); why == "fine" && err != nil || why != "fine" && (err == nil || !strings.Contains(err.Error(), why)) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := SignCreditPolicy([]byte(plain), "lin", "Lin ", day("2024-03-05")); err == nil {
		t.Error("one person wrote and released it")
	}
}

// Whatever the file, what is signed says the same but for the three lines.
func FuzzSignCreditPolicy(f *testing.F) {
	f.Add(DefaultCreditPolicy(), "lin", "chen")
	f.Add(bytes.Replace(DefaultCreditPolicy(), []byte("id ="), []byte("author = \"\"\"\n\"\"\"\nid ="), 1), "lin", "chen")
	f.Fuzz(func(t *testing.T, file []byte, author, approver string) {
		signed, err := SignCreditPolicy(file, author, approver, day("2024-03-05"))
		if err != nil {
			return
		}
		changes, err := DiffCreditPolicies(file, signed)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			if !isSign(c.Path) {
				t.Errorf("%+v", c)
			}
		}
		if cp, err := ParseCreditPolicy(signed); err != nil || cp.Released() != nil || cp.Author != author || cp.ApprovedBy != approver {
			t.Error(err)
		}
	})
}
