package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/store"
)

// Who works in a county learns what his colleagues there are called, and nobody
// of another county; an ID of two people names neither.
func TestColleagues(t *testing.T) {
	ctx := context.Background()
	s, _ := newStore(t)
	for _, m := range []struct {
		issuer, subject, name string
		counties              []string
	}{
		{"https://one", "li", "李敏", []string{"341523"}}, {"https://one", "he", "何静", []string{"341523", "411622"}}, {"https://one", "ma", "马骏", []string{"411622"}},
		{"https://one", "wu", "吴静", []string{"341523"}}, {"https://two", "wu", "吴涛", []string{"341523"}},
	} {
		if err := s.PutMember(ctx, m.issuer, store.Member{Subject: m.subject, Name: m.name, Role: "officer", Counties: m.counties}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		role, county string
		want         []string
	}{{"approver", "341523", []string{"he 何静", "li 李敏"}}, {"approver", "411622", nil}, {"partner", "341523", nil}} {
		found, err := s.Colleagues(ctx, store.Asker{ID: "x", Role: c.role, Counties: []string{"341523"}}, c.county)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range found {
			got = append(got, m.ID+" "+m.Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %v, want %v", c.role, c.county, got, c.want)
		}
	}
}
