package feeds

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// textTable is a table of CSV text in memory.
func textTable(text string) *table {
	return &table{format: "CSV", each: func(ctx context.Context, use func(line) error) error {
		return readCSV(ctx, strings.NewReader(text), use)
	}}
}

func linesOf(t *testing.T, each *table) []line {
	t.Helper()
	var out []line
	if err := each.each(context.Background(), func(l line) error { out = append(out, l); return nil }); err != nil {
		return nil
	}
	return out
}

// Whatever the tables of a registry hold: a contracted parcel stays one row and
// only gains two cells; a transfer becomes one row or one for each of several
// parcels, which CBDKXX names, none twice, and then without an area of its own.
func FuzzRegistryJoins(f *testing.F) {
	f.Add("DKBM,CBHTBM,LZHTBM\nA,H,T\nB,H,T\n", "CBHTBM,CBQXQ,CBQXZ\nH,1998-10-01,2028-09-30\n", "LZHTBM,CBHTBM,LZDKS,LZMJ,LZMJM\nT,H,2,10,\nU,H,2,10,\nV,,1,5,\n")
	f.Add("DKBM,CBHTBM,LZHTBM\n\"A\n", "CBHTBM\nH\n", "LZHTBM\n\nT,too,long\n")
	f.Add("DKBM,CBHTBM\nA,H,x\nA,H\n", "", "CBHTBM,LZDKS,LZHTBM\nH,1,T\n\"H,2\n")
	f.Fuzz(func(t *testing.T, land, contracts, transfers string) {
		ctx := context.Background()
		known := linesOf(t, textTable(land))
		joined, err := withTerms(ctx, textTable(land), textTable(contracts))
		if err != nil {
			return
		}
		rows := linesOf(t, joined)
		if len(rows) != len(known) {
			t.Fatalf("%d contracted parcels became %d", len(known), len(rows))
		}
		for i, r := range rows {
			if r.number != known[i].number || r.fault != known[i].fault || len(r.cells) < len(known[i].cells) || !slices.Equal(r.cells[:len(known[i].cells)], known[i].cells) {
				t.Errorf("row %v became %v", known[i], r)
			}
		}
		given := linesOf(t, textTable(transfers))
		if joined, err = withParcels(ctx, textTable(transfers), textTable(land)); err != nil {
			return
		}
		if rows = linesOf(t, joined); rows == nil {
			return
		}
		var parcels []string
		if len(known) > 0 {
			column := columnsOf(known[0].cells, "DKBM")
			for _, k := range known[1:] {
				parcels = append(parcels, at(k.cells, column[0]))
			}
		}
		head := columnsOf(given[0].cells, "DKBM", "LZMJ", "LZMJM")
		width, next := len(given[0].cells), 1
		for _, g := range given[1:] {
			var own []string
			first := next
			for next < len(rows) && rows[next].number == g.number && rows[next].fault == g.fault {
				if head[0] < 0 && g.fault == "" {
					own = append(own, rows[next].cells[width])
				}
				if next++; head[0] >= 0 || g.fault != "" {
					break
				}
			}
			if next == first {
				t.Fatalf("transfer %v is lost", g)
			}
			if n := len(slices.Compact(slices.Sorted(slices.Values(own)))); n != len(own) {
				t.Errorf("transfer %v names a parcel twice: %q", g, own)
			}
			for i, id := range own {
				if id != "" && !slices.Contains(parcels, id) || len(own) > 1 && id == "" {
					t.Errorf("transfer %v is given the parcel %q, which CBDKXX does not name", g, id)
				}
				for _, c := range head[1:] {
					if len(own) > 1 && c >= 0 && rows[first+i].cells[c] != "" {
						t.Errorf("transfer %v: its area stands at each of %d parcels", g, len(own))
					}
				}
			}
		}
		if next != len(rows) {
			t.Errorf("%d rows came from nowhere", len(rows)-next)
		}
	})
}
