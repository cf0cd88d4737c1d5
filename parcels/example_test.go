package parcels_test

import (
	"fmt"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Two strips side by side, one owned, one leased: one grower, one plot.
func Example() {
	strip := func(id string, x float64) parcels.Parcel {
		metres := orb.MultiPolygon{{{{x, 3500000}, {x + 8, 3500000}, {x + 8, 3500150}, {x, 3500150}, {x, 3500000}}}}
		lonlat, err := parcels.Unproject(metres, 32650)
		if err != nil {
			panic(err)
		}
		return parcels.Parcel{County: "341523", ID: id, Polygon: lonlat, AreaM2: parcels.AreaM2(lonlat)}
	}
	land := []parcels.Parcel{strip("1", 400000), strip("2", 400008)}
	on := parcels.Date{Year: 2024, Month: 6, Day: 1}
	farmers := parcels.Farmers([]string{"1", "2"},
		[]parcels.Contract{{ContractID: "C1", ParcelID: "1", GrowerID: "li"}, {ContractID: "C2", ParcelID: "2", GrowerID: "wang"}},
		[]parcels.Transfer{{TransferID: "T1", ParcelID: "2", From: "wang", To: "li"}}, on, on)
	fmt.Println(farmers["2"].GrowerID, farmers["2"].Chain)
	plots, _ := parcels.GroupPlots(land, farmers, parcels.PlotOptions{})
	fmt.Printf("%d plot of parcels %v, EPSG:%d, %.2f mu\n", len(plots), plots[0].ParcelIDs, plots[0].EPSG, parcels.Mu(plots[0].AreaM2))
	// Output:
	// li [C2 T1]
	// 1 plot of parcels [1 2], EPSG:32650, 3.60 mu
}
