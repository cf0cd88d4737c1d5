package feeds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Rows received after as-of, good, bad or broken, change nothing of what leaves
// but the operator's report.
func TestLateRowsDoNotExist(t *testing.T) {
	head := "transfer_id,parcel_id,contractor_id,to_contractor_id,valid_from,valid_to,signed,received\n"
	known := "T1," + parcelA + "," + zhangCode + "," + liCode + ",2023-01-01,2027-12-31,2022-11-10,2024-07-15\n"
	late := known[:1] + "2" + known[2:len(known)-11] + "2024-07-16\n" +
		"T3," + parcelA + ",nobody," + liCode + ",no day,2027-12-31,2022-11-10,2024-08-01\n" +
		"T4," + parcelA + "," + zhangCode + "," + liCode + ",2023-01-01,2027-12-31,2022-11-10,2024-08-01,too,many\n" +
		"T5," + parcelA + "," + zhangCode + "," + liCode + ",2024-09-01,2027-12-31,2024-08-20,\n" + // signed later
		"T6," + parcelA + "," + zhangCode + "," + liCode + ",2024-09-01,2027-12-31,,\n" // begins later, never signed
	a := read(t, map[string]string{"contractors": contractorsCSV(), "transfers": head + known})
	b := read(t, map[string]string{"contractors": contractorsCSV(), "transfers": head + known + late})
	if len(a.Records.Transfers) != 1 {
		t.Fatalf("the row received on the as-of day is missing: %+v", a.Rejects)
	}
	if d := cmp.Diff(a.Records, b.Records); d != "" {
		t.Errorf("records changed:\n%s", d)
	}
	if d := cmp.Diff(a.Rejects, b.Rejects); d != "" {
		t.Errorf("rejects changed:\n%s", d)
	}
	if r := b.Reports[1]; r.Late != 5 || r.Rows != 6 || r.Loaded != 1 {
		t.Errorf("report %+v, want 5 late of 6", r)
	}
}

// A statistic of 2024 cannot be known in July 2024; a cost survey neither.
func TestThisYearsStatisticIsNotKnown(t *testing.T) {
	l := read(t, map[string]string{
		"statistics": "crop,year,yield_kg_mu\nmaize,2023,400\nmaize,2024,500\n",
		"costs":      "crop,year,total\nmaize,2023,800\nmaize,2024,900\n",
	})
	if len(l.Records.Statistics) != 1 || len(l.Records.Costs) != 1 || l.Records.Statistics[0].Year != 2023 {
		t.Errorf("statistics %+v, costs %+v", l.Records.Statistics, l.Records.Costs)
	}
}

// Coverage, missingness and freshness by hand: one of two roster growers has a
// declaration; one of two declarations has no area; 2024-07-15 − 2024-07-05 = 10.
func TestReport(t *testing.T) {
	l := read(t, map[string]string{
		"contractors":  contractorsCSV(),
		"roster":       "contractor_id\n" + zhangCode + "\n" + liCode + "\n",
		"declarations": "contractor_id,parcel_id,crop,area_mu,received,remarks\n" + zhangCode + "," + parcelA + ",maize,5,2024-07-05,x\n" + zhangCode + "," + parcelB + ",maize,,2024-07-01,y\n",
	})
	for _, r := range l.Reports {
		if r.Feed != "declarations" {
			continue
		}
		if r.Growers != 1 || r.Parcels != 2 || r.OfRoster != 0.5 || r.Missing["area_m2"] != 0.5 || r.Missing["planting"] != 1 || r.Missing["crop"] != 0 || r.AgeDays != 10 || r.Ignored != 1 {
			t.Errorf("report %+v", r)
		}
		return
	}
	t.Fatal("no report of declarations")
}
