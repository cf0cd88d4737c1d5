package sample

import (
	"fmt"
	"time"

	"github.com/parus-lending/parus/data/identity"
)

// Marker is the made-up surname (owl) of everybody in the sample county. It
// stands in the feeds and in no other file, so a search of a run's folder for
// it shows whether a name got out.
const Marker = "鸮"

// nowhere is the region code that belongs to no place.
const nowhere = "000000"

const givenNames = "志强秀英建国桂兰文华玉梅德福春生海燕立新明月长河金山雪松"

// describe makes up who the n-th person is. The ID numbers carry the code of no
// place, the phones a prefix that no operator has.
func (p *person) describe(c chance, n int, villageName string) {
	g := []rune(givenNames)
	p.name = Marker + string(g[c.IntN(len(g))]) + string(g[c.IntN(len(g))])
	p.phone = fmt.Sprintf("100%08d", (n*7919+c.IntN(7919))%100_000_000)
	if p.firm() {
		p.number = identity.CreditCode(nowhere, n+1)
		p.name = villageName + p.name + map[string]string{"coop": "专业合作社", "company": "农业公司"}[p.kind]
		return
	}
	day := c.IntN(1000)*16 + n/1000%16 // with n%1000 no two numbers are equal
	p.number = identity.IDCard(nowhere, time.Date(1955, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day), n%1000)
}

func (p *person) firm() bool { return p.kind == "coop" || p.kind == "company" }
