package scoring

import (
	"fmt"
	"math/rand"
)

// addMore gives some growers of a county by chance the further records: people,
// lists, certificates, sales, water, machines, and what they state.
func addMore(r *rand.Rand, ev *CountyEvidence, n int) {
	some := func(p float64) bool { return r.Float64() < p }
	m := &ev.Records
	for i := range n / 8 {
		g, o := fmt.Sprintf("g%03d", r.Intn(n)), fmt.Sprintf("g%03d", r.Intn(n))
		a := Area(1000_00 + r.Intn(9000_00))
		id := fmt.Sprint("k", i)
		ev.Claims = append(ev.Claims, ClaimOnLand{ClaimID: id, GrowerID: g, Source: fmt.Sprint("claims.csv:", i), Area: a, Own: a - Area(r.Intn(int(a)/8)), Parcels: []string{"p3", "p1"}})
		if some(.3) {
			ev.ClaimPairs = append(ev.ClaimPairs, ClaimPair{ClaimA: id, GrowerA: g, SourceA: fmt.Sprint("claims.csv:", i), ClaimB: "x" + id, GrowerB: o, AreaA: a, AreaB: a, Area: a / Area(5+r.Intn(10))})
		}
		ev.Homes = append(ev.Homes, Home{GrowerID: fmt.Sprintf("g%03d", i), Village: "341523101201", ParcelID: "p1", Metres: int64(r.Intn(55_000))})
	}
	for i := range m.Declarations {
		if some(.08) {
			m.Declarations[i].Cost, m.Declarations[i].Yield = Fen(600_00+r.Intn(1200_00)), Yield(3000+r.Intn(2800))
		}
	}
	for i := range m.Transfers {
		if some(.08) {
			m.Transfers[i].RentFenPerMu = int64(200_00 + r.Intn(400_00))
		}
	}
	for i := range n {
		g := fmt.Sprintf("g%03d", i)
		at := func(feed string) string { return fmt.Sprint(feed, ".csv:", i) }
		if some(.06) {
			m.People = append(m.People, Person{Provenance: rec(at("members")), GrowerID: g, HouseholdID: g, Relation: "head", Born: day("2005-01-01").Add(r.Intn(700)), Note: []string{"", "", "", "deceased"}[r.Intn(4)]},
				Person{Provenance: rec(at("members")), GrowerID: "wife-of-" + g, HouseholdID: g, Relation: "spouse", Note: "deceased"})
		}
		if some(.08) {
			m.Lists = append(m.Lists, ListEntry{Provenance: rec(at("lists")), GrowerID: g, List: []string{"court", "tax", "deceased"}[r.Intn(3)], Listed: some(.2), Day: day("2023-01-01").Add(r.Intn(300))})
		}
		if some(.06) {
			for _, c := range m.Contracts {
				if c.GrowerID == g {
					m.Certificates = append(m.Certificates, Certificate{Provenance: rec(at("certificates")), CertificateID: "z" + c.ContractID, ContractID: c.ContractID, GrowerID: g, Status: []string{"valid", "cancelled", "replaced"}[r.Intn(3)]})
				}
			}
		}
		if some(.08) {
			m.Purchases = append(m.Purchases, Purchase{Provenance: rec(at("purchases")), GrowerID: g, Crop: []string{"winter_wheat", "maize"}[r.Intn(2)], Day: day("2023-04-01").Add(r.Intn(600)), Grams: int64(r.Intn(30_000_000))})
		}
		if some(.08) {
			m.Meters = append(m.Meters, Meter{Provenance: term(at("meters"), "2023-06-01", "2024-02-01"), MeterID: "m" + g, GrowerID: g, Kind: "water", Use: "irrigation", Amount: int64(r.Intn(60_000_000))})
		}
		if some(.08) {
			m.Machines = append(m.Machines, Machine{Provenance: rec(at("machinery")), MachineID: "k" + g, GrowerID: g, Kind: "tractor", Watts: int64(r.Intn(800_000))})
		}
	}
}
