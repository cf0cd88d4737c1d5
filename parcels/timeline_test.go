package parcels_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func spell(s parcels.Spell) string {
	who := s.GrowerID
	if who == "" {
		who = "nobody"
	}
	if s.Conflict != "" {
		who += " (settled)"
	}
	return fmt.Sprintf("%s %s %s [%s]", s.From, s.To, who, strings.Join(s.Chain, " "))
}

// A year of one parcel, by hand: olga holds it to the end of September, leases
// it to anna from March to October, who sub-leases it to bert in June and July.
// In May a second lease of olga's, signed later, to zoe overlaps. From October
// the contract is over, and with it anna's lease rests on nothing; in November a
// new contract begins.
func TestTimeline(t *testing.T) {
	valid := func(from, to string) parcels.Provenance {
		return parcels.Provenance{ValidFrom: day(from), ValidTo: day(to), Received: day("2024-01-02")}
	}
	contracts := []parcels.Contract{
		{Provenance: valid("2000-01-01", "2024-09-30"), ContractID: "c1", ParcelID: "p", GrowerID: "olga"},
		{Provenance: valid("2024-11-01", "2054-10-31"), ContractID: "c2", ParcelID: "p", GrowerID: "otto"},
	}
	transfers := []parcels.Transfer{
		{Provenance: valid("2024-03-01", "2024-10-31"), TransferID: "t1", ParcelID: "p", From: "olga", To: "anna", Signed: day("2024-01-01")},
		{Provenance: valid("2024-06-01", "2024-07-31"), TransferID: "t2", ParcelID: "p", From: "anna", To: "bert", Signed: day("2024-01-02")},
		{Provenance: valid("2024-05-01", "2024-05-31"), TransferID: "t3", ParcelID: "p", From: "olga", To: "zoe", Signed: day("2024-01-02")},
		{Provenance: parcels.Provenance{ValidFrom: day("2024-01-01"), Received: day("2024-12-01")}, TransferID: "t4", ParcelID: "p", From: "olga", To: "late", Signed: day("2024-01-02")},
	}
	want := []string{
		"2024-01-01 2024-02-29 olga [c1]",
		"2024-03-01 2024-04-30 anna [c1 t1]",
		"2024-05-01 2024-05-31 zoe (settled) [c1 t3]",
		"2024-06-01 2024-07-31 bert [c1 t1 t2]",
		"2024-08-01 2024-09-30 anna [c1 t1]",
		"2024-10-01 2024-10-31 nobody (settled) []",
		"2024-11-01 2024-12-31 otto [c2]",
	}
	for range 5 {
		got := parcels.Timeline([]string{"p"}, contracts, transfers, day("2024-01-01"), day("2024-12-31"), day("2024-06-30"))["p"]
		var said []string
		for _, s := range got {
			said = append(said, spell(s))
		}
		if !slices.Equal(said, want) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
		}
		rand.Shuffle(len(transfers), func(i, j int) { transfers[i], transfers[j] = transfers[j], transfers[i] })
	}
}

// On every day of any records the timeline says what Farmers says of that day,
// and no day is left out or told twice.
func TestTimelineIsFarmersDayByDay(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	from, to := day("2024-01-01"), day("2024-03-31")
	people := []string{"a", "b", "c", "d"}
	for trial := range 200 {
		var contracts []parcels.Contract
		var transfers []parcels.Transfer
		some := func() parcels.Provenance {
			p := parcels.Provenance{ValidFrom: from.Add(r.Intn(80) - 10), Received: from}
			if r.Intn(4) > 0 {
				p.ValidTo = p.ValidFrom.Add(r.Intn(60))
			}
			return p
		}
		for i := range 1 + r.Intn(2) {
			contracts = append(contracts, parcels.Contract{Provenance: some(), ContractID: fmt.Sprint("c", i), ParcelID: "p", GrowerID: people[r.Intn(4)]})
		}
		for i := range r.Intn(5) {
			transfers = append(transfers, parcels.Transfer{Provenance: some(), TransferID: fmt.Sprint("t", i), ParcelID: "p", From: people[r.Intn(4)], To: people[r.Intn(4)], Signed: from.Add(r.Intn(20))})
		}
		next := from
		for _, s := range parcels.Timeline([]string{"p"}, contracts, transfers, from, to, to)["p"] {
			if s.From != next {
				t.Fatalf("trial %d: a spell begins on %s, want %s", trial, s.From, next)
			}
			for d := s.From; !d.After(s.To); d = d.Add(1) {
				f := parcels.Farmers([]string{"p"}, contracts, transfers, d, to)["p"]
				if f.GrowerID != s.GrowerID || f.Conflict != s.Conflict || !slices.Equal(f.Chain, s.Chain) {
					t.Fatalf("trial %d, %s: Farmers %+v, timeline %+v", trial, d, f, s)
				}
			}
			next = s.To.Add(1)
		}
		if next != to.Add(1) {
			t.Fatalf("trial %d: the timeline ends before %s", trial, next)
		}
	}
}
