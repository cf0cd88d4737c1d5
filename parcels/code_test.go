package parcels_test

import (
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func TestCheckParcelID(t *testing.T) {
	for _, c := range []struct {
		id   string
		kind parcels.CodeKind
		bad  string
	}{
		{"3415231002070700123", parcels.CodeRegistry, ""},
		{"3415231002070700120", parcels.CodeRegistry, ""}, // one zero is no sign of rounding
		{"3415231002070712345678", parcels.CodeOld, ""},
		{"3415231002070710000", 0, "spreadsheet keeps 15 digits"},
		{"3415231002070710000000", 0, "spreadsheet keeps 15 digits"},
		{"3.41523E+18", 0, "rounded by a spreadsheet"},
		{"3e18", 0, "rounded by a spreadsheet"},
		{"3415231002070700123.0", 0, "read as a number"},
		{"", 0, "empty"},
		{" 7", 0, "blank"},
		{"a\x00b", 0, "cannot be printed"},
		{"BE-1", parcels.CodeOther, ""},
		{"17", parcels.CodeOther, ""},
		{"17.0", parcels.CodeOther, ""},
	} {
		kind, err := parcels.CheckParcelID(c.id)
		switch {
		case c.bad == "" && (err != nil || kind != c.kind):
			t.Errorf("%q: %v, %v", c.id, kind, err)
		case c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)):
			t.Errorf("%q: %v, want %q", c.id, err, c.bad)
		}
	}
	if got := parcels.CountyOf("3415231002070700123"); got != "341523" {
		t.Errorf("county %q", got)
	}
	if got := parcels.CountyOf("BE-1"); got != "" {
		t.Errorf("county %q", got)
	}
}

func FuzzCheckParcelID(f *testing.F) {
	for _, s := range []string{"3415231002070700123", "3.4E+18", "", "\xff", "0000000000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		kind, err := parcels.CheckParcelID(id)
		if err == nil && kind == parcels.CodeRegistry && (len(id) != 19 || strings.Trim(id, "0123456789") != "") {
			t.Errorf("%q is no registry code", id)
		}
		if c := parcels.CountyOf(id); c != "" && len(c) != 6 {
			t.Errorf("county %q of %q", c, id)
		}
	})
}
