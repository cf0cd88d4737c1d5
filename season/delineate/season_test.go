package delineate

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
)

// A proposal never enters a season by itself: every row is refused until a
// person has confirmed it.
func TestProposalsAreNoParcels(t *testing.T) {
	g := made(60, 40)
	out := filepath.Join(t.TempDir(), "out.gpkg")
	sum, err := Run(t.Context(), Options{Scenes: g.writeScenes(t, 3), Out: out})
	if err != nil || sum.Fields == 0 {
		t.Fatal(sum, err)
	}
	ps, rejects, _, err := vector.Read(t.Context(), out, vector.Options{})
	if err == nil || len(ps) != 0 || len(rejects) != sum.Fields || !strings.Contains(rejects[0].Reason, "confirmed") {
		t.Fatalf("%d parcels, %d of %d rejected, %v", len(ps), len(rejects), sum.Fields, err)
	}
	shapes, ids := polygonsOf(t, out)
	var fs []vector.Feature
	for i, s := range shapes {
		fs = append(fs, vector.Feature{Polygon: s, Values: []any{ids[i], "confirmed", "auto-imagery"}})
	}
	confirmed := filepath.Join(t.TempDir(), "confirmed.gpkg")
	if err := vector.WriteGPKG(confirmed, "land", 4490, []vector.Field{{Name: "id"}, {Name: "status"}, {Name: "determination_method"}}, fs); err != nil {
		t.Fatal(err)
	}
	if ps, _, _, err = vector.Read(t.Context(), confirmed, vector.Options{}); err != nil || len(ps) != sum.Fields || ps[0].Method != "auto-imagery" {
		t.Fatalf("%d parcels, %v", len(ps), err)
	}
}
