package parcels_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func contract(id, parcel, grower, from, to string) parcels.Contract {
	c := parcels.Contract{ContractID: id, ParcelID: parcel, GrowerID: grower}
	c.ValidFrom, c.Received = day(from), day(from)
	if to != "" {
		c.ValidTo = day(to)
	}
	return c
}

func lease(id, parcel, from, to, start, end, signed string) parcels.Transfer {
	t := parcels.Transfer{TransferID: id, ParcelID: parcel, From: from, To: to, Signed: day(signed)}
	t.ValidFrom, t.Received = day(start), day(signed)
	if end != "" {
		t.ValidTo = day(end)
	}
	return t
}

// Each case is worked out by hand from the rules in the comment of Farmers.
func TestFarmers(t *testing.T) {
	con := []parcels.Contract{contract("C1", "p", "owner", "2000-01-01", "2028-12-31")}
	for _, c := range []struct {
		name      string
		contracts []parcels.Contract
		transfers []parcels.Transfer
		on, asOf  string
		grower    string
		chain     string
		until     string
		conflict  string
	}{
		{"owner", con, nil, "2024-06-01", "2024-06-01", "owner", "C1", "2028-12-31", ""},
		{"nobody", nil, nil, "2024-06-01", "2024-06-01", "", "", "", ""},
		{"contract over", con, nil, "2029-01-01", "2029-01-01", "", "", "", ""},
		{"lease", con, []parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "2026-12-31", "2021-12-01")},
			"2024-06-01", "2024-06-01", "a", "C1 T1", "2026-12-31", ""},
		{"last valid day", con, []parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "2024-06-30", "2021-12-01")},
			"2024-06-30", "2024-06-30", "a", "C1 T1", "2024-06-30", ""},
		{"the day after", con, []parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "2024-06-30", "2021-12-01")},
			"2024-07-01", "2024-07-01", "owner", "C1", "2028-12-31", ""},
		{"received later than as-of", con, []parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "", "2024-06-02")},
			"2024-06-01", "2024-06-01", "owner", "C1", "2028-12-31", ""},
		{"sub-lease, earliest end", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "2026-12-31", "2021-12-01"),
			lease("T2", "p", "a", "b", "2023-01-01", "2025-12-31", "2022-12-01")},
			"2024-06-01", "2024-06-01", "b", "C1 T1 T2", "2025-12-31", ""},
		{"sub-lease outlives the lease", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "2023-12-31", "2021-12-01"),
			lease("T2", "p", "a", "b", "2023-01-01", "2025-12-31", "2022-12-01")},
			"2024-06-01", "2024-06-01", "owner", "C1", "2028-12-31", "T2 does not count"},
		{"two leases by one giver", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "", "2021-12-01"),
			lease("T2", "p", "owner", "b", "2022-01-01", "", "2022-01-15")},
			"2024-06-01", "2024-06-01", "b", "C1 T2", "2028-12-31", "gave the land twice"},
		{"sub-lease of the one who lost", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "", "2021-12-01"),
			lease("T2", "p", "owner", "b", "2022-01-01", "", "2022-01-15"),
			lease("T3", "p", "a", "c", "2022-02-01", "", "2022-02-01")},
			"2024-06-01", "2024-06-01", "b", "C1 T2", "2028-12-31", "T3 does not count"},
		{"cycle", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "", "2021-12-01"),
			lease("T2", "p", "a", "b", "2022-01-01", "", "2021-12-02"),
			lease("T3", "p", "b", "a", "2022-01-01", "", "2021-12-03")},
			"2024-06-01", "2024-06-01", "b", "C1 T1 T2", "2028-12-31", "earlier in the chain"},
		{"two contractors", append([]parcels.Contract{contract("C2", "p", "other", "2010-01-01", "")}, con...), nil,
			"2024-06-01", "2024-06-01", "other", "C2", "", "different contractors"},
		{"no contracts at all", nil, []parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "", "2021-12-01")},
			"2024-06-01", "2024-06-01", "a", "T1", "", ""},
		{"contracts known, none of this parcel", []parcels.Contract{contract("C9", "q", "x", "2000-01-01", "")},
			[]parcels.Transfer{lease("T1", "p", "owner", "a", "2022-01-01", "", "2021-12-01")},
			"2024-06-01", "2024-06-01", "", "", "", "T1 does not count"},
		{"a corrected row replaces the first", con, []parcels.Transfer{
			lease("T1", "p", "owner", "a", "2022-01-01", "2026-12-31", "2021-12-01"),
			func() parcels.Transfer {
				c := lease("T1", "p", "owner", "a", "2022-01-01", "2023-12-31", "2021-12-01")
				c.Received = day("2023-05-01")
				return c
			}()},
			"2024-06-01", "2024-06-01", "owner", "C1", "2028-12-31", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parcels.Farmers([]string{"p"}, c.contracts, c.transfers, day(c.on), day(c.asOf))["p"]
			if got.GrowerID != c.grower || strings.Join(got.Chain, " ") != c.chain || got.Until.String() != c.until {
				t.Errorf("grower %q by %v until %s; want %q by %s until %s", got.GrowerID, got.Chain, got.Until, c.grower, c.chain, c.until)
			}
			if (c.conflict == "") != (got.Conflict == "") || !strings.Contains(got.Conflict, c.conflict) {
				t.Errorf("conflict %q, want %q", got.Conflict, c.conflict)
			}
			if got.Leased != strings.Contains(c.chain, "T") {
				t.Errorf("leased %v", got.Leased)
			}
		})
	}
}

func TestOrderOfRecordsChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	names := []string{"a", "b", "c", "d"}
	for range 300 {
		var cs []parcels.Contract
		var ts []parcels.Transfer
		for i := range 3 {
			cs = append(cs, contract("C"+string(rune('0'+i)), "p", names[r.IntN(4)], []string{"2000-01-01", "2010-01-01"}[r.IntN(2)], ""))
		}
		for i := range 7 {
			ts = append(ts, lease("T"+string(rune('0'+i/2)), "p", names[r.IntN(4)], names[r.IntN(4)], "2020-01-01", []string{"", "2025-01-01"}[r.IntN(2)], []string{"2019-01-01", "2019-06-01"}[r.IntN(2)]))
		}
		want := parcels.Farmers([]string{"p", "q"}, cs, ts, day("2024-01-01"), day("2024-01-01"))
		for range 5 {
			r.Shuffle(len(cs), func(i, j int) { cs[i], cs[j] = cs[j], cs[i] })
			r.Shuffle(len(ts), func(i, j int) { ts[i], ts[j] = ts[j], ts[i] })
			if got := parcels.Farmers([]string{"q", "p"}, cs, ts, day("2024-01-01"), day("2024-01-01")); !reflect.DeepEqual(got, want) {
				t.Fatalf("order of rows changed the farmer:\n%+v\n%+v", got["p"], want["p"])
			}
		}
	}
}
