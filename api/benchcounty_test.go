package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season"
)

// benchCounty is the county of `make demo` so many times over, each time with
// other growers, parcels and plots: the bytes of its evidence.json.gz, its
// decisions, and those who may be asked about.
func benchCounty(b *testing.B, times int) (evidence []byte, county string, made []rundir.Decision, growers []string) {
	file, err := os.ReadFile(filepath.Join("..", "demo", "run", rundir.EvidenceFile))
	if err != nil {
		b.Fatal("make demo first: ", err)
	}
	stored, err := scoring.ReadStored(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(stored.Evidence)
	if err != nil {
		b.Fatal(err)
	}
	county = stored.Evidence.County
	ids := regexp.MustCompile(`"([0-9a-f]{16}|P[0-9a-f]{12}|` + county + `\d{13})"`) // growers and owners, plots, parcels
	for n := 1; n < times; n++ {
		var next scoring.CountyEvidence
		if err := json.Unmarshal(ids.ReplaceAllFunc(text, func(id []byte) []byte {
			if len(id) == 21 { // a parcel: in another town
				return fmt.Appendf(nil, `"%s%03d%s`, county, 300+n, id[10:])
			}
			return fmt.Appendf(nil, `%s-%d"`, id[:len(id)-1], n)
		}), &next); err != nil {
			b.Fatal(err)
		}
		next.Records.Costs, next.Records.Statistics = nil, nil // the county's, not a grower's
		add(stored.Evidence, &next)
	}
	cp, err := scoring.ParseCreditPolicy([]byte(stored.CreditPolicy))
	if err != nil {
		b.Fatal(err)
	}
	_, all := scoring.Judge(stored.Evidence, cp)
	for _, d := range all {
		made, growers = append(made, season.DecisionRow(d)), append(growers, d.GrowerID)
	}
	var w bytes.Buffer
	if err := scoring.WriteStored(&w, stored.Evidence, []byte(stored.CreditPolicy)); err != nil {
		b.Fatal(err)
	}
	return w.Bytes(), county, made, growers
}

func add(to, more *scoring.CountyEvidence) {
	for id, p := range more.Parcels {
		to.Parcels[id] = p
	}
	for id, f := range more.Farmers {
		to.Farmers[id] = f
	}
	to.Overlaps, to.Plots, to.Claims = append(to.Overlaps, more.Overlaps...), append(to.Plots, more.Plots...), append(to.Claims, more.Claims...)
	to.ClaimPairs, to.Homes = append(to.ClaimPairs, more.ClaimPairs...), append(to.Homes, more.Homes...)
	r, m := &to.Records, &more.Records
	r.Contracts, r.Transfers, r.Roster = append(r.Contracts, m.Contracts...), append(r.Transfers, m.Transfers...), append(r.Roster, m.Roster...)
	r.Declarations, r.Policies, r.Subsidies = append(r.Declarations, m.Declarations...), append(r.Policies, m.Policies...), append(r.Subsidies, m.Subsidies...)
	r.Debts, r.People, r.Certificates = append(r.Debts, m.Debts...), append(r.People, m.People...), append(r.Certificates, m.Certificates...)
	r.Machines, r.Purchases, r.Meters = append(r.Machines, m.Machines...), append(r.Purchases, m.Purchases...), append(r.Meters, m.Meters...)
	r.Lists, r.Claims, r.Disasters = append(r.Lists, m.Lists...), append(r.Claims, m.Claims...), append(r.Disasters, m.Disasters...)
}
