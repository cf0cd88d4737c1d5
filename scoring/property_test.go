package scoring

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

// anyCounty is a county of n growers with land, records and faults by chance.
func anyCounty(seed int64, n int) *CountyEvidence {
	r := rand.New(rand.NewSource(seed))
	ev := county()
	some := func(p float64) bool { return r.Float64() < p }
	crops := []string{"winter_wheat", "maize", "rice", "grapes", "barley", "peanut"}
	for i := range n {
		g, plotID := fmt.Sprintf("g%03d", i), fmt.Sprintf("plot-%03d", i)
		crop := crops[r.Intn(len(crops))]
		var ids []string
		var total float64
		for k := range 1 + r.Intn(3) {
			id := fmt.Sprintf("q%03d-%d", i, k)
			m2 := 500 + r.Float64()*20_000
			total += m2
			ids = append(ids, id)
			ev.Parcels[id] = parcels.Parcel{County: ev.County, ID: id, AreaM2: m2, SurveyedM2: m2 * (0.8 + r.Float64()*0.4), Basic: some(.3)}
			owner := g
			if some(.6) {
				owner = fmt.Sprintf("g%03d", r.Intn(n))
			}
			ev.Farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: g, OwnerID: owner, Leased: owner != g, Until: day("2024-06-01").Add(r.Intn(900))}
			ev.Records.Contracts = append(ev.Records.Contracts, parcels.Contract{Provenance: term("contracts.csv:"+id, "2000-01-01", "2025-12-31"), ContractID: "c" + id, ParcelID: id, GrowerID: owner, AreaM2: m2})
			if owner != g {
				tr := parcels.Transfer{Provenance: term("transfers.csv:"+id, "2022-01-01", ev.Farmers[id].Until.String()), TransferID: "t" + id, ContractID: "c" + id, ParcelID: id, From: owner, To: g, AreaM2: m2}
				ev.Records.Transfers = append(ev.Records.Transfers, tr)
				if some(.1) {
					tr.To, tr.TransferID, tr.Source = fmt.Sprintf("g%03d", r.Intn(n)), "u"+id, "transfers.csv:u"+id
					ev.Records.Transfers = append(ev.Records.Transfers, tr)
				}
			}
			who := g
			if some(.1) {
				who = fmt.Sprintf("g%03d", r.Intn(n))
			}
			ev.Records.Declarations = append(ev.Records.Declarations, Declaration{Provenance: rec("declarations.csv:" + id), GrowerID: who, ParcelID: id, Season: "2024", Crop: crop})
			for j := range r.Intn(3) {
				ev.Records.Subsidies = append(ev.Records.Subsidies, Subsidy{Provenance: rec(fmt.Sprint("subsidies.csv:", id, j)), SubsidyID: fmt.Sprint("s", id, j), GrowerID: who, ParcelID: id, Season: "2024", Crop: crops[r.Intn(2)], Area: AreaOfM2(m2)})
			}
		}
		p := SeenPlot{PlotID: plotID, GrowerID: g, ParcelIDs: ids, Area: AreaOfM2(total), InsidePixels: r.Intn(80), ClearDates: r.Intn(12), Assessable: some(.9), Vegetated: true}
		if some(.8) {
			c := seenWheat(1)
			c.Crop, c.Probability, c.InService, c.Assessable = crops[r.Intn(len(crops))], Prob(5000+r.Intn(5000)), some(.9), some(.9)
			if some(.7) {
				c.Crop = crop
			}
			c.YieldP25 = Yield(500 + r.Intn(6000))
			p.Cycles = append(p.Cycles, c)
		} else {
			p.Vegetated = false
		}
		for y := range r.Intn(4) {
			p.Past = append(p.Past, PastSeason{Season: fmt.Sprint(2020 + y), Crops: []string{crops[r.Intn(3)]}, Yields: []Yield{Yield(3000 + r.Intn(2000))}, Share: Prob(r.Intn(10_001))})
		}
		ev.Plots = append(ev.Plots, p)
		ev.Records.Roster = append(ev.Records.Roster, RosterEntry{Provenance: rec("roster.csv:" + g), GrowerID: g, DeclaredDebt: Fen(r.Intn(900_000)), Product: []string{"", "season", "insured_season", "odd"}[r.Intn(4)]})
		for j := range r.Intn(3) {
			ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec(fmt.Sprint("debts.csv:", g, j)), DebtID: fmt.Sprint("d", g, j), GrowerID: g, Lender: []string{"bank-1", "bank-2"}[r.Intn(2)],
				Purpose: []string{"production", "equipment"}[r.Intn(2)], Season: "2024", Outstanding: Fen(r.Intn(800_000)), Due: day("2024-03-01").Add(r.Intn(500)), DaysPastDue: max(0, r.Intn(400)-300), ParcelIDs: sortedCopy(ids[:r.Intn(len(ids)+1)])})
			ev.Records.Policies = append(ev.Records.Policies, Policy{Provenance: term(fmt.Sprint("policies.csv:", g, j), "2023-10-15", day("2024-05-25").Add(r.Intn(200)).String()), PolicyID: fmt.Sprint("i", g, j), GrowerID: g, Crop: crop,
				Area: AreaOfM2(total * (0.5 + r.Float64())), ParcelIDs: sortedCopy(ids[:r.Intn(len(ids)+1)]), SumInsuredPerMu: 600_00, Pledged: Fen(r.Intn(500_000))})
		}
		if some(.1) {
			ev.Overlaps = append(ev.Overlaps, Overlap{A: ids[0], B: "p3", Area: AreaOfM2(r.Float64() * 3000)})
		}
	}
	return ev
}

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
	if len(codes) < 15 {
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
	shuffle(r, mixed.Plots)
	shuffle(r, mixed.Overlaps)
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
