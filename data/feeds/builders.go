package feeds

import "context"

// builders read one row of each feed, for what needs the row's checks and
// canonical values but not its record.
var builders = map[string]func(*row){
	"issuers": drop(issuer), "contractors": drop(contractor), "members": drop(member), "contracts": drop(contract), "certificates": drop(certificate),
	"transfers": drop(transfer), "roster": drop(rosterEntry), "declarations": drop(declaration), "policies": drop(policy), "subsidies": drop(subsidy),
	"debts": drop(debt), "costs": drop(cost), "statistics": drop(statistic), "prices": drop(price), "disasters": drop(disaster),
	"machinery": drop(machine), "purchases": drop(purchase), "meters": drop(meter), "lists": drop(listEntry), "claims": drop(claim),
}

func drop[T any](build func(*row) T) func(*row) { return func(r *row) { build(r) } }

// readPeople fills people from the store, for a feed that names them by code or
// by name and village.
func (l *loader) readPeople(ctx context.Context) error {
	for _, feed := range []string{"issuers", "contractors"} {
		lay, _ := LayoutOf(feed)
		if err := l.open(ctx, lay, ""); err != nil {
			return err
		}
	}
	if err := each(ctx, l, "issuers", issuer, &l.people.villages); err != nil {
		return err
	}
	return l.readContractors(ctx)
}
