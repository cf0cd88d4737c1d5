package scoring

import "testing"

// drops empty one feed each. Who farms what is worked out before scoring: where
// a feed of the chain is gone, that is gone too.
var drops = map[string]func(*CountyEvidence){
	"contracts":    func(ev *CountyEvidence) { ev.Records.Contracts = nil },
	"transfers":    func(ev *CountyEvidence) { ev.Records.Transfers = nil },
	"roster":       func(ev *CountyEvidence) { ev.Records.Roster = nil },
	"declarations": func(ev *CountyEvidence) { ev.Records.Declarations = nil },
	"policies":     func(ev *CountyEvidence) { ev.Records.Policies = nil },
	"subsidies":    func(ev *CountyEvidence) { ev.Records.Subsidies = nil },
	"debts":        func(ev *CountyEvidence) { ev.Records.Debts = nil },
	"costs":        func(ev *CountyEvidence) { ev.Records.Costs = nil },
	"statistics":   func(ev *CountyEvidence) { ev.Records.Statistics = nil },
	"members":      func(ev *CountyEvidence) { ev.Records.People = nil },
	"certificates": func(ev *CountyEvidence) { ev.Records.Certificates = nil },
	"prices":       func(ev *CountyEvidence) { ev.Records.Prices = nil },
	"disasters":    func(ev *CountyEvidence) { ev.Records.Disasters = nil },
	"machinery":    func(ev *CountyEvidence) { ev.Records.Machines = nil },
	"purchases":    func(ev *CountyEvidence) { ev.Records.Purchases = nil },
	"meters":       func(ev *CountyEvidence) { ev.Records.Meters = nil },
	"lists":        func(ev *CountyEvidence) { ev.Records.Lists = nil },
	"claims":       func(ev *CountyEvidence) { ev.Records.Claims = nil },
}

func without(seed int64, feed string) *CountyEvidence {
	ev := anyCounty(seed, growers)
	drops[feed](ev)
	ev.Records.Feeds[feed] = FeedState{}
	return ev
}

func outcomesOf(ds []Decision) map[string]string {
	m := map[string]string{}
	for _, d := range ds {
		m[d.GrowerID] = d.Outcome
	}
	return m
}

func TestWithoutARequiredFeedNobodyIsAdmitted(t *testing.T) {
	cp := defaults(t)
	turned := 0
	for seed := range int64(4) {
		_, ds := Judge(anyCounty(seed, growers), cp)
		before := outcomesOf(ds)
		for _, feed := range cp.Feeds.Required {
			_, ds := Judge(without(seed, feed), cp)
			for _, d := range ds {
				if d.Outcome == Admit || before[d.GrowerID] == Admit && d.Outcome != Refer {
					t.Errorf("seed %d without %s: %s was %s and is %s %v", seed, feed, d.GrowerID, before[d.GrowerID], d.Outcome, d.Reasons)
				}
				if before[d.GrowerID] == Admit {
					turned++
				}
			}
		}
	}
	if turned < 20 {
		t.Errorf("only %d admitted growers were tried", turned)
	}
}

func TestWithoutAnyOtherFeedNobodyAdmittedIsDeclined(t *testing.T) {
	cp := defaults(t)
	tried := 0
	for seed := range int64(4) {
		_, ds := Judge(anyCounty(seed, growers), cp)
		before := outcomesOf(ds)
		for _, feed := range sortedKeys(drops) {
			if contains(cp.Feeds.Required, feed) {
				continue
			}
			_, ds := Judge(without(seed, feed), cp)
			for _, d := range ds {
				if before[d.GrowerID] != Admit {
					continue
				}
				tried++
				if d.Outcome == Decline {
					t.Errorf("seed %d without %s: %s was admitted and is declined: %v", seed, feed, d.GrowerID, d.Reasons)
				}
			}
		}
	}
	if tried < 50 {
		t.Errorf("only %d admitted growers were tried", tried)
	}
}

// A record that supports a grower: a policy, a subsidy claim, a season in which
// imagery saw his crop. Growers against whom something was found are left out:
// a record that contradicts does not support; nor does a contract that vouches
// for less land than the other witnesses.
func TestWithoutASupportingRecordNoLimitRises(t *testing.T) {
	cp := defaults(t)
	tried, fell := 0, 0
	for seed := range int64(4) {
		for _, product := range []string{"season", "insured_season"} {
			for k := range 3 {
				for what, cut := range map[string]func(*CountyEvidence){
					"policies":  func(ev *CountyEvidence) { ev.Records.Policies = thin(ev.Records.Policies, k) },
					"subsidies": func(ev *CountyEvidence) { ev.Records.Subsidies = thin(ev.Records.Subsidies, k) },
					"past": func(ev *CountyEvidence) {
						for i := range ev.Plots {
							ev.Plots[i].Past = thin(ev.Plots[i].Past, k)
						}
					},
				} {
					ev, less := anyCounty(seed, growers), anyCounty(seed, growers)
					for i := range ev.Records.Roster {
						ev.Records.Roster[i].Product, less.Records.Roster[i].Product = product, product
					}
					cut(less)
					fs, before := Judge(ev, cp)
					_, after := Judge(less, cp)
					found := map[string]bool{}
					for _, f := range fs {
						found[f.GrowerID] = true
					}
					for i, d := range after {
						b := before[i]
						if found[d.GrowerID] || b.GrowerID != d.GrowerID {
							continue
						}
						tried++
						if d.Outcome == Admit && d.Limit > b.Limit {
							t.Errorf("seed %d, product %s, fewer %s: %s rises from %s %s to %s", seed, product, what, d.GrowerID, b.Outcome, Yuan(b.Limit), Yuan(d.Limit))
						}
						if d.Limit < b.Limit || b.Outcome == Admit && d.Outcome == Refer {
							fell++
						}
					}
				}
			}
		}
	}
	if tried < 150 || fell < 3 {
		t.Errorf("%d tried, %d fell: the test is too weak", tried, fell)
	}
}

func thin[T any](rows []T, k int) []T {
	var out []T
	for i, r := range rows {
		if i%3 != k {
			out = append(out, r)
		}
	}
	return out
}

func TestLessAreaNeverRaisesALimit(t *testing.T) {
	cp := defaults(t)
	fell := 0
	for seed := range int64(4) {
		_, ds := Judge(anyCounty(seed, growers), cp)
		before := limits(ds)
		for _, percent := range []Area{90, 50, 10} {
			ev := anyCounty(seed, growers)
			for i := range ev.Records.Declarations {
				d := &ev.Records.Declarations[i]
				if d.Area == 0 {
					d.Area = AreaOfM2(ev.Parcels[d.ParcelID].AreaM2)
				}
				d.Area = d.Area * percent / 100
			}
			_, ds := Judge(ev, cp)
			for _, d := range ds {
				if d.Limit > before[d.GrowerID] {
					t.Errorf("seed %d, %d %% of the area: %s rises from %s to %s", seed, percent, d.GrowerID, Yuan(before[d.GrowerID]), Yuan(d.Limit))
				}
				if d.Limit < before[d.GrowerID] {
					fell++
				}
			}
		}
	}
	if fell < 10 {
		t.Errorf("only %d limits fell: the test is too weak", fell)
	}
}
