package parcels

import (
	"fmt"
	"sort"
	"strings"
)

// Farmers says of each parcel who farms it on the day: the original contractor
// and then, link by link, the one who took the land by a transfer, as long as
// the giver holds it. Only records received by asOf and valid on the day count.
// The order of rows changes nothing.
//
// Settled and recorded in Farmer.Conflict:
//   - two contractors: the contract that began last holds
//   - two transfers by one giver: the one signed last holds
//   - a transfer back to someone earlier in the chain: not followed
//   - a transfer whose giver does not hold the land on the day: does not count
//
// Where no contract at all is known (the feed is missing), the giver of the
// first transfer is taken as the contractor, which is what the transfer
// contract says of him (CBFBM). Rows of one contract or transfer ID replace each
// other: the one received last is the contract's present state.
func Farmers(parcelIDs []string, contracts []Contract, transfers []Transfer, on, asOf Date) map[string]Farmer {
	wanted := make(map[string]bool, len(parcelIDs))
	for _, id := range parcelIDs {
		wanted[id] = true
	}
	held := map[string][]Contract{}
	known := 0
	for _, c := range contracts {
		if c.KnownOn(asOf) {
			known++
			if wanted[c.ParcelID] {
				held[c.ParcelID] = append(held[c.ParcelID], c)
			}
		}
	}
	given := map[string][]Transfer{}
	for _, t := range transfers {
		if wanted[t.ParcelID] && t.KnownOn(asOf) {
			given[t.ParcelID] = append(given[t.ParcelID], t)
		}
	}
	out := make(map[string]Farmer, len(parcelIDs))
	for id := range wanted {
		out[id] = farmerOf(id, standingContracts(held[id], on), standingTransfers(given[id], on), known == 0)
	}
	return out
}

func farmerOf(id string, contracts []Contract, transfers []Transfer, noFeed bool) Farmer {
	f := Farmer{ParcelID: id}
	var notes []string
	until := Date{}
	shorten := func(d Date) {
		if !d.IsZero() && (until.IsZero() || d.Before(until)) {
			until = d
		}
	}
	switch {
	case len(contracts) > 0:
		c := contracts[0]
		f.OwnerID, f.GrowerID = c.GrowerID, c.GrowerID
		f.Chain = append(f.Chain, c.ContractID)
		shorten(c.ValidTo)
		for _, o := range contracts[1:] {
			if o.GrowerID != c.GrowerID {
				notes = append(notes, fmt.Sprintf("contracts %s and %s name different contractors; %s began last and holds", c.ContractID, o.ContractID, c.ContractID))
			}
		}
	case noFeed:
		f.OwnerID = firstGiver(transfers)
		f.GrowerID = f.OwnerID
	}
	used := map[int]bool{}
	visited := map[string]bool{f.GrowerID: true}
	for f.GrowerID != "" {
		next := -1
		for i, t := range transfers { // latest signed first
			if t.From != f.GrowerID || used[i] {
				continue
			}
			used[i] = true
			switch {
			case next < 0:
				next = i
			case t.To != transfers[next].To:
				notes = append(notes, fmt.Sprintf("%s gave the land twice, by %s and %s; %s was signed last and holds", t.From, transfers[next].TransferID, t.TransferID, transfers[next].TransferID))
			}
		}
		if next < 0 {
			break
		}
		t := transfers[next]
		if visited[t.To] {
			notes = append(notes, fmt.Sprintf("transfer %s gives the land back to %s, earlier in the chain; not followed", t.TransferID, t.To))
			break
		}
		visited[t.To] = true
		f.GrowerID, f.Leased = t.To, true
		f.Chain = append(f.Chain, t.TransferID)
		shorten(t.ValidTo)
	}
	for i, t := range transfers {
		if !used[i] {
			notes = append(notes, fmt.Sprintf("transfer %s does not count: %s, who gives, does not hold the land", t.TransferID, nameless(t.From)))
		}
	}
	if f.GrowerID != "" {
		f.Until = until
	}
	f.Conflict = strings.Join(notes, "; ")
	return f
}

// firstGiver is the one giver who takes from nobody; empty where there are
// several or none.
func firstGiver(transfers []Transfer) string {
	takes := map[string]bool{}
	for _, t := range transfers {
		takes[t.To] = true
	}
	first := ""
	for _, t := range transfers {
		if takes[t.From] || t.From == first {
			continue
		}
		if first != "" {
			return ""
		}
		first = t.From
	}
	return first
}

func nameless(growerID string) string {
	if growerID == "" {
		return "an unknown grower"
	}
	return growerID
}

// standingContracts are the contracts in force on the day, the one that holds
// first.
func standingContracts(all []Contract, on Date) []Contract {
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return firstOf(cmpDate(b.ValidFrom, a.ValidFrom), cmpDate(b.Received, a.Received), strings.Compare(b.ContractID, a.ContractID),
			strings.Compare(a.GrowerID, b.GrowerID), cmpDate(a.ValidTo, b.ValidTo), strings.Compare(a.Source, b.Source)) < 0
	})
	state := map[string]Date{}
	for _, c := range all {
		if d, ok := state[c.ContractID]; !ok || c.Received.After(d) {
			state[c.ContractID] = c.Received
		}
	}
	var out []Contract
	for _, c := range all {
		if c.ValidOn(on) && c.GrowerID != "" && (c.ContractID == "" || !c.Received.Before(state[c.ContractID])) {
			out = append(out, c)
		}
	}
	return out
}

// standingTransfers are the transfers in force on the day, latest signed first.
func standingTransfers(all []Transfer, on Date) []Transfer {
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return firstOf(cmpDate(b.Signed, a.Signed), cmpDate(b.ValidFrom, a.ValidFrom), cmpDate(b.Received, a.Received), strings.Compare(b.TransferID, a.TransferID),
			strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), cmpDate(a.ValidTo, b.ValidTo), strings.Compare(a.Source, b.Source)) < 0
	})
	state := map[string]Date{}
	for _, t := range all {
		if d, ok := state[t.TransferID]; !ok || t.Received.After(d) {
			state[t.TransferID] = t.Received
		}
	}
	var out []Transfer
	for _, t := range all {
		if t.ValidOn(on) && t.To != "" && (t.TransferID == "" || !t.Received.Before(state[t.TransferID])) {
			out = append(out, t)
		}
	}
	return out
}

// cmpDate orders days; the unknown day comes first.
func cmpDate(a, b Date) int {
	switch {
	case a.Before(b):
		return -1
	case b.Before(a):
		return 1
	}
	return 0
}

func firstOf(cmp ...int) int {
	for _, c := range cmp {
		if c != 0 {
			return c
		}
	}
	return 0
}
