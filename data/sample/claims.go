package sample

import (
	"fmt"
	"math"
	"strings"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// claimRow is land that a grower drew on a map or walked round.
type claimRow struct {
	id     string
	who    *person
	land   []*parcel // what the claim covers
	method string
	gcj    bool // drawn on a Chinese base map
	scale  float64
	crop   string
}

// leastClaim in m² is what one walks round with a phone.
const leastClaim = 900

// claimLand: a quarter of the fields have one parcel drawn or walked.
func (b *book) claimLand(c chance, f *field) {
	some, pick := c.Float64() < .25, c.IntN(len(f.parcels))
	walked, gcj, scale := c.Float64() < .6, c.Float64() < .5, c.between(.985, 1.02)
	p := f.parcels[pick]
	if !some || f.sliver || p.strip || p.m2 < leastClaim || len(f.declared.crops()) == 0 {
		return
	}
	r := b.draw(f.farmer, f.declared.crops()[0], p)
	if r.scale = scale; walked {
		r.method = "walked"
	} else {
		r.gcj = gcj
	}
}

func (b *book) draw(who *person, crop string, land ...*parcel) *claimRow {
	r := &claimRow{fmt.Sprintf("QD%s%s", countyCode, digits6(b.next())), who, land, "drawn", false, 1, crop}
	b.claims = append(b.claims, r)
	for _, p := range land {
		p.claimed = true
	}
	return r
}

func (b *book) claimsTable() *feeds.Table {
	t := feeds.NewTable("claims", "claim_id", "id_number", "season", "crop", "method", "taken", "source_crs", "wkt", "received")
	for _, r := range b.claims {
		crs := "EPSG:4326"
		if r.gcj {
			crs = "GCJ-02"
		}
		taken := on(b.year, 2, 10)
		t.Add(r.id, r.who.number, fmt.Sprint(b.year), r.crop, r.method, taken, crs, r.wkt(), taken.Add(2))
	}
	return t
}

// wkt writes the claim in its own coordinates, to seven decimals of a degree.
func (r *claimRow) wkt() string {
	var polys []string
	for _, p := range r.land {
		var middle orb.Point
		for _, q := range p.shape {
			middle[0] += q[0] / float64(len(p.shape))
			middle[1] += q[1] / float64(len(p.shape))
		}
		var drawn convex
		for _, q := range p.shape {
			drawn = append(drawn, orb.Point{middle[0] + (q[0]-middle[0])*r.scale, middle[1] + (q[1]-middle[1])*r.scale})
		}
		mp, err := parcels.Unproject(orb.MultiPolygon{{drawn.ring()}}, utm)
		if err != nil {
			panic(err) // the county lies in its zone
		}
		var corners []string
		for _, q := range mp[0][0] {
			if r.gcj {
				q = parcels.ToGCJ02(q)
			}
			corners = append(corners, fmt.Sprintf("%.7f %.7f", q[0], q[1]))
		}
		polys = append(polys, "(("+strings.Join(corners, ",")+"))")
	}
	return "MULTIPOLYGON(" + strings.Join(polys, ",") + ")"
}

// remoteVillage is where the growers live who farm far from home: 72 km north
// and 31 km west of the county's land.
const remoteVillage = countyCode + "18828801"

// issuersTable lists the towns, and the villages with the places of their committees.
func (l *land) issuersTable(day parcels.Date) (*feeds.Table, error) {
	t := feeds.NewTable("issuers", "FBFBM", "FBFMC", "lon", "lat", "received")
	add := func(code, name string, at orb.Point) error {
		mp, err := parcels.Unproject(orb.MultiPolygon{{{at, at, at, at}}}, utm)
		if err == nil {
			t.Add(code, name, math.Round(mp[0][0][0][0]*1e6)/1e6, math.Round(mp[0][0][0][1]*1e6)/1e6, day)
		}
		return err
	}
	for i, v := range l.villages {
		if town := v.code[:9]; i == 0 || l.villages[i-1].code[:9] != town {
			t.Add(town+"00000", townNames[(i/len(villageNames))%len(townNames)], "", "", day)
		}
		at := v.houses
		if len(at) == 0 {
			at = convex{orb.Point{originX, originY}}
		}
		if err := add(v.code, v.name+"村", at[0]); err != nil {
			return nil, err
		}
	}
	t.Add(remoteVillage[:9]+"00000", "远山乡", "", "", day)
	return t, add(remoteVillage, "远岭村", orb.Point{originX - 31_000, originY + 72_000})
}
