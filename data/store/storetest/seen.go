package storetest

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// Seen adds to the folder of Run what it looked at and what witnesses say of
// the first plot: contract 13 mu, survey 13.5, seen 12 to 14, counted by contract;
// crops that agree, areas that differ; a lease in its season; maize of 610.5 kg/mu
// the year before. The second plot has no row.
func Seen(t testing.TB, dir, county string, scenes ...rundir.SeenScene) {
	t.Helper()
	parcel, plot, grower := fmt.Sprintf("%s%013d", county, 0), fmt.Sprintf("P%s%06d", county, 0), fmt.Sprintf("g%s-0", county)
	for _, err := range []error{
		rundir.WriteScenes(dir, scenes),
		rundir.WriteParquet(filepath.Join(dir, rundir.AreasFile), []rundir.Area{
			{GrowerID: grower, Parcels: 1, Contract: ptr(13.0), Counts: ptr(13.0), CountedBy: "contract"},
			{GrowerID: grower, PlotID: plot, Parcels: 1, Contract: ptr(13.0), Surveyed: ptr(13.5), SeenLow: ptr(12.0), SeenHigh: ptr(14.0), Counts: ptr(13.0), CountedBy: "contract;transfer"}}),
		rundir.WriteParquet(filepath.Join(dir, rundir.AgreementFile), []rundir.Agreement{
			{GrowerID: grower, PlotID: plot, Subject: "crop", Self: "maize", Satellite: "maize", Agree: "self-satellite"},
			{GrowerID: grower, PlotID: plot, Subject: "area", Self: "20.00 mu", Government: "13.00 mu", Differ: "self-government"}}),
		rundir.WriteParquet(filepath.Join(dir, rundir.TenureFile), []rundir.Spell{
			{ParcelID: parcel, From: "2024-01-01", To: "2024-03-31", OwnerID: "owner"},
			{ParcelID: parcel, From: "2024-04-01", To: "2024-12-31", GrowerID: grower, OwnerID: "owner", Leased: true, Chain: "c1;t1"}}),
		rundir.WriteParquet(filepath.Join(dir, rundir.PastFile), []rundir.Past{{PlotID: plot, Season: "2023", Crops: "winter_wheat;maize", Yields: "420.0;610.5", Share: 0.75}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}
