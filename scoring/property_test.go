package scoring

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"testing"
)

func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decideAll(ev *CountyEvidence, cp *CreditPolicy) ([]Finding, []Decision) {
	fs := CrossCheck(ev, cp)
	return fs, Decide(ev, cp, fs)
}

const growers = 60

func TestTheCountyByChanceIsWorthTesting(t *testing.T) {
	// Without this the properties below could hold on an empty county.
	outcomes, codes := map[string]int{}, map[string]int{}
	for seed := range int64(5) {
		fs, ds := decideAll(anyCounty(seed, growers), defaults(t))
		for _, d := range ds {
			outcomes[d.Outcome]++
		}
		for _, f := range fs {
			codes[f.Code]++
		}
	}
	for _, o := range []string{Admit, Refer, Decline, NotAssessable} {
		if outcomes[o] < 3 {
			t.Errorf("outcome %s only %d times: %v", o, outcomes[o], outcomes)
		}
	}
	if len(codes) < 26 {
		t.Errorf("only %d kinds of findings: %v", len(codes), codes)
	}
}

func TestRowOrderChangesNothing(t *testing.T) {
	cp := defaults(t)
	ev := anyCounty(1, growers)
	fs, ds := decideAll(ev, cp)
	want := encode(t, []any{fs, ds})
	r := rand.New(rand.NewSource(9))
	mixed := anyCounty(1, growers)
	m := &mixed.Records
	shuffle(r, m.Contracts)
	shuffle(r, m.Transfers)
	shuffle(r, m.Roster)
	shuffle(r, m.Declarations)
	shuffle(r, m.Policies)
	shuffle(r, m.Subsidies)
	shuffle(r, m.Debts)
	shuffle(r, m.Costs)
	shuffle(r, m.Statistics)
	shuffle(r, m.People)
	shuffle(r, m.Lists)
	shuffle(r, m.Certificates)
	shuffle(r, m.Purchases)
	shuffle(r, m.Meters)
	shuffle(r, m.Machines)
	shuffle(r, mixed.Plots)
	shuffle(r, mixed.Overlaps)
	shuffle(r, mixed.Claims)
	shuffle(r, mixed.ClaimPairs)
	shuffle(r, mixed.Homes)
	for i := range mixed.Plots {
		shuffle(r, mixed.Plots[i].ParcelIDs)
		shuffle(r, mixed.Plots[i].Past)
	}
	for i := range m.Policies {
		shuffle(r, m.Policies[i].ParcelIDs)
	}
	fs, ds = decideAll(mixed, cp)
	if got := encode(t, []any{fs, ds}); !bytes.Equal(got, want) {
		t.Errorf("another order of rows gives other bytes")
	}
}

func shuffle[T any](r *rand.Rand, s []T) {
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
}

// The evidence of one grower, written as JSON and read again, gives the same
// findings and the same decision, byte for byte, as the county did.
func TestReplayOfOneGrower(t *testing.T) {
	cp := defaults(t)
	for seed := range int64(3) {
		ev := anyCounty(seed, growers)
		fs, ds := decideAll(ev, cp)
		for _, d := range ds {
			var again CountyEvidence
			if err := json.Unmarshal(encode(t, EvidenceOf(ev, d.GrowerID)), &again); err != nil {
				t.Fatal(err)
			}
			hisFs, hisDs := decideAll(&again, cp)
			if got, want := encode(t, of(hisFs, d.GrowerID)), encode(t, of(fs, d.GrowerID)); !bytes.Equal(got, want) {
				t.Fatalf("%s: findings differ\n%s\n%s", d.GrowerID, got, want)
			}
			if len(hisDs) != 1 || !bytes.Equal(encode(t, hisDs[0]), encode(t, d)) {
				t.Fatalf("%s: replay differs\n%s\n%s", d.GrowerID, encode(t, hisDs), encode(t, d))
			}
		}
	}
}

func of(fs []Finding, grower string) []Finding {
	out := []Finding{}
	for _, f := range fs {
		if f.GrowerID == grower {
			out = append(out, f)
		}
	}
	return out
}

func limits(ds []Decision) map[string]Fen {
	m := map[string]Fen{}
	for _, d := range ds {
		m[d.GrowerID] = d.Limit
	}
	return m
}

func TestLowerYieldNeverRaisesALimit(t *testing.T) {
	cp := defaults(t)
	lowered := 0
	for seed := range int64(4) {
		_, ds := decideAll(anyCounty(seed, growers), cp)
		before := limits(ds)
		for _, percent := range []Yield{90, 60, 30, 5} {
			ev := anyCounty(seed, growers)
			for i := range ev.Plots {
				for j := range ev.Plots[i].Cycles {
					y := &ev.Plots[i].Cycles[j].YieldP25
					*y = max(1, *y*percent/100)
				}
				for j := range ev.Plots[i].Past {
					for k := range ev.Plots[i].Past[j].Yields {
						ev.Plots[i].Past[j].Yields[k] = max(1, ev.Plots[i].Past[j].Yields[k]*percent/100)
					}
				}
			}
			_, ds := decideAll(ev, cp)
			for _, d := range ds {
				if d.Limit > before[d.GrowerID] {
					t.Errorf("seed %d, yields × %d %%: %s rises from %s to %s", seed, percent, d.GrowerID, Yuan(before[d.GrowerID]), Yuan(d.Limit))
				}
				if d.Limit < before[d.GrowerID] {
					lowered++
				}
			}
			before = limits(ds)
		}
	}
	if lowered < 10 {
		t.Errorf("only %d limits fell: the test is too weak", lowered)
	}
}

func TestMoreDebtNeverRaisesALimit(t *testing.T) {
	cp := defaults(t)
	lowered := 0
	for seed := range int64(4) {
		_, ds := decideAll(anyCounty(seed, growers), cp)
		before := limits(ds)
		for k := range 4 {
			ev := anyCounty(seed, growers)
			r := rand.New(rand.NewSource(int64(k)))
			for _, e := range anyCounty(seed, growers).Records.Roster {
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:more" + e.GrowerID), DebtID: "more", GrowerID: e.GrowerID, Lender: "bank-1",
					Purpose: []string{"production", "other"}[k%2], Season: "2024", Outstanding: Fen(1 + r.Intn(300_000)), Due: day("2024-06-30").Add(k * 30)})
			}
			_, ds := decideAll(ev, cp)
			for _, d := range ds {
				if d.Limit > before[d.GrowerID] {
					t.Errorf("seed %d: more debt raises %s from %s to %s", seed, d.GrowerID, Yuan(before[d.GrowerID]), Yuan(d.Limit))
				}
				if d.Limit < before[d.GrowerID] {
					lowered++
				}
			}
		}
	}
	if lowered < 10 {
		t.Errorf("only %d limits fell: the test is too weak", lowered)
	}
}

func TestMissingFeedRaisesNoFinding(t *testing.T) {
	cp := defaults(t)
	drop := map[string]func(*Records){
		"contracts": func(r *Records) { r.Contracts = nil }, "transfers": func(r *Records) { r.Transfers = nil },
		"roster": func(r *Records) { r.Roster = nil }, "declarations": func(r *Records) { r.Declarations = nil },
		"policies": func(r *Records) { r.Policies = nil }, "subsidies": func(r *Records) { r.Subsidies = nil },
		"debts": func(r *Records) { r.Debts = nil }, "costs": func(r *Records) { r.Costs = nil }, "statistics": func(r *Records) { r.Statistics = nil },
	}
	for seed := range int64(4) {
		// Faults of the land itself are known by the parcel: whom they are
		// shown to depends on who is known to farm it.
		key := func(f Finding) string {
			if f.Code == "CONTRACT_AREA_DIFFERS" || f.Code == "PARCEL_OVERLAP" {
				f.GrowerID = ""
			}
			return f.GrowerID + "/" + f.ParcelID + "/" + f.Code
		}
		all := map[string]bool{}
		for _, f := range CrossCheck(anyCounty(seed, growers), cp) {
			all[key(f)] = true
		}
		for feed, cut := range drop {
			ev := anyCounty(seed, growers)
			cut(&ev.Records)
			ev.Records.Feeds[feed] = FeedState{}
			if feed == "transfers" { // without leases the chain ends at the contractor
				for id, f := range ev.Farmers {
					f.GrowerID, f.Leased, f.Until = f.OwnerID, false, Date{}
					ev.Farmers[id] = f
				}
			}
			for _, f := range CrossCheck(ev, cp) {
				if k := key(f); !all[k] {
					t.Errorf("seed %d: without %s there is a new finding %s", seed, feed, k)
				}
			}
		}
	}
}
