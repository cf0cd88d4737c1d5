package feeds

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// A grower is the same whether a row gives the ID number or the registry's code.
func TestOneGrowerHoweverNamed(t *testing.T) {
	l := read(t, map[string]string{"contractors": contractorsCSV(),
		"declarations": "id_number,CBFBM,DKBM,crop\n" + zhang + ",," + parcelA + ",maize\n," + zhangCode + "," + parcelB + ",maize\n"})
	d := l.Records.Declarations
	if len(d) != 2 || d[0].GrowerID != d[1].GrowerID || d[0].GrowerID != testKey(t).GrowerID(zhang) {
		t.Errorf("declarations %+v, rejects %+v", d, l.Rejects)
	}
	if l.Reports[1].Growers != 1 {
		t.Errorf("%d growers counted, want 1", l.Reports[1].Growers)
	}
}

// Somebody who holds land in two counties, under a contractor code of each, is
// one grower with both parcels, however each county's files name him.
func TestOneGrowerInTwoCounties(t *testing.T) {
	const there = "340000" // another county
	elsewhere, parcelThere := there+zhangCode[6:], there+parcelA[6:]
	l := read(t, map[string]string{
		"contractors": "CBFBM,CBFLX,CBFMC,CBFZJLX,CBFZJHM\n" + zhangCode + ",1,张三,1," + zhang + "\n" + elsewhere + ",1,张三,1," + zhang + "\n",
		"contracts":   "CBHTBM,DKBM,CBFBM\n" + zhangCode + "J," + parcelA + "," + zhangCode + "\n" + elsewhere + "J," + parcelThere + "," + elsewhere + "\n"})
	c := l.Records.Contracts
	if len(c) != 2 || c[0].GrowerID != c[1].GrowerID || len(l.Rejects) != 0 {
		t.Fatalf("contracts %+v, rejects %+v", c, l.Rejects)
	}
	day := parcels.Date{Year: 2024, Month: 6, Day: 1}
	for id, f := range parcels.Farmers([]string{parcelA, parcelThere}, c, nil, day, day) {
		if f.GrowerID != testKey(t).GrowerID(zhang) {
			t.Errorf("%s is farmed by %q", id, f.GrowerID)
		}
	}
	if p := l.Records.People; len(p) != 2 || p[0].Home == p[1].Home {
		t.Errorf("people %+v: one home in each county", p)
	}
}

// One wrong check character rejects the row, with an ID number and a credit code.
func TestWrongCheckCharacter(t *testing.T) {
	wrong := func(s string) string { return s[:16] + string('0'+(s[16]-'0'+1)%10) + s[17:] }
	for _, number := range []string{zhang, coop} {
		l := read(t, map[string]string{"roster": "id_number\n" + number + "\n" + wrong(number) + "\n"})
		if len(l.Records.Roster) != 1 || len(l.Rejects) != 1 || l.Rejects[0].Row != 3 || l.Rejects[0].Column != "id_number" || !strings.Contains(l.Rejects[0].Reason, "check character") {
			t.Errorf("roster %+v, rejects %+v", l.Records.Roster, l.Rejects)
		}
	}
}

// The order of rows, contractors' too, changes nothing but the row numbers.
func TestOrderOfRows(t *testing.T) {
	turn := func(text string) string {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		slices.Reverse(lines[1:])
		return strings.Join(lines, "\n") + "\n"
	}
	declared := "CBFBM,DKBM,crop,area_mu\n" + zhangCode + "," + parcelA + ",maize,1\n" + liCode + "," + parcelB + ",rice,x\n" + coopCode + "," + parcelB + ",rice,2\n"
	a := read(t, map[string]string{"contractors": contractorsCSV(), "declarations": declared})
	b := read(t, map[string]string{"contractors": turn(contractorsCSV()), "declarations": turn(declared)})
	bare := func(l *Loaded) []scoring.Declaration {
		d := slices.Clone(l.Records.Declarations)
		for i := range d {
			d[i].Source = ""
		}
		slices.SortFunc(d, func(x, y scoring.Declaration) int { return strings.Compare(x.ParcelID, y.ParcelID) })
		return d
	}
	if d := cmp.Diff(bare(a), bare(b)); d != "" || len(bare(a)) != 2 {
		t.Errorf("records changed:\n%s", d)
	}
	if len(a.Rejects) != 1 || len(b.Rejects) != 1 || a.Rejects[0].Reason != b.Rejects[0].Reason {
		t.Errorf("rejects %+v and %+v", a.Rejects, b.Rejects)
	}
}

// A policy without parcels vouches for an area: 15 mu = 10 000 m².
func TestPolicyOfAnAreaOnly(t *testing.T) {
	l := read(t, map[string]string{"policies": "policy_id,id_number,crop,area_mu,parcel_ids,valid_from,valid_to\nP1," + zhang + ",rice,15,,2024-01-01,2024-12-31\n"})
	if p := l.Records.Policies; len(p) != 1 || len(p[0].ParcelIDs) != 0 || p[0].Area != 10_000_00 {
		t.Errorf("policies %+v, rejects %+v", p, l.Rejects)
	}
}

// A person's number that slipped into the column of parcel codes stays inside.
func TestPersonInTheParcelColumn(t *testing.T) {
	for _, mark := range []string{zhang, "13800000001", "张大山"} {
		l := read(t, map[string]string{"contractors": contractorsCSV(),
			"declarations": "CBFBM,DKBM,crop\n" + zhangCode + "," + mark + ",maize\n",
			"debts":        "CBFBM,lender,outstanding,parcel_ids\n" + zhangCode + ",Village Bank,5," + parcelA + ";" + mark + "\n"})
		if len(l.Records.Declarations)+len(l.Records.Debts) != 0 || len(l.Rejects) != 2 {
			t.Errorf("%q passed for a parcel code: %+v", mark, l.Rejects)
		}
		for _, r := range l.Rejects {
			if strings.Contains(r.Value+r.Reason+r.Advice, mark) {
				t.Errorf("reject shows it: %+v", r)
			}
		}
	}
}

// Rows that as-of does not know yet say nothing about known ones: not even
// whether a spreadsheet rounded the column.
func TestLateRowsDoNotVouchForCodes(t *testing.T) {
	text := "CBFBM,CBFZJHM,received\n"
	for i, who := range []string{zhang, li, coop} {
		text += "34152310020101" + string(rune('1'+i)) + "000," + who + ",2024-01-01\n"
	}
	late := "341523100201014001,,2024-08-01\n"
	a, b := read(t, map[string]string{"contractors": text}), read(t, map[string]string{"contractors": text + late})
	if d := cmp.Diff(a.Rejects, b.Rejects); d != "" || len(a.Rejects) != 3 {
		t.Errorf("rejects changed:\n%s", d)
	}
}

// Reading names for a sheet leaves the layouts as they are: a contractors file
// without names still loads.
func TestRosterLeavesLayoutsAlone(t *testing.T) {
	if _, err := Roster(save(t, "contractors.csv", contractorsCSV()), testKey(t)); err != nil {
		t.Fatal(err)
	}
	l := read(t, map[string]string{"contractors": "CBFBM,CBFZJHM\n" + zhangCode + "," + zhang + "\n"})
	if l.Records.Feeds["contractors"].Rows != 1 {
		t.Errorf("rejects %+v", l.Rejects)
	}
}

// identityOf is another valid ID number of nobody.
func identityOf(n int) string {
	return identity.IDCard("000000", time.Date(1960, 1, n, 0, 0, 0, 0, time.UTC), n)
}
