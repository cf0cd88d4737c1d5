package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/store"
)

// A token that was checked is known again; that lets in nobody whom the check
// would keep out: not with another signature, not after its end, and not one who
// is a member no longer or in another role.
func TestWhoIsRemembered(t *testing.T) {
	s := newService(t)
	status := func(token, path string) int {
		t.Helper()
		n, _ := s.ask(t, token, "GET", path, "")
		return n
	}
	const decisions = "/v1/decisions?county=341523"
	officer := s.as(t, "officer")
	for range 3 {
		if n := status(officer, decisions); n != http.StatusOK {
			t.Fatal(n)
		}
	}
	forged := []byte(officer)
	at := len(forged) - 10 // within the signature
	if forged[at]++; forged[at] > 'z' {
		forged[at] = 'a'
	}
	if n := status(string(forged), decisions); n != http.StatusUnauthorized {
		t.Errorf("another signature: %d", n)
	}
	brief, err := s.id.Token("approver", "", time.Now().Add(1100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if n := status(brief, decisions); n != http.StatusOK {
		t.Fatal(n)
	}
	soon := func(what string, so func() bool) {
		t.Helper()
		for late := time.Now().Add(10 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(late) {
				t.Fatal("never came: ", what)
			}
		}
	}
	soon("the token's end", func() bool { return status(brief, decisions) == http.StatusUnauthorized })
	m := store.Member{Subject: "officer", Name: "officer", Role: "clerk", Counties: []string{"341523"}}
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, m, time.Time{}); err != nil {
		t.Fatal(err)
	}
	soon("his new role", func() bool { return status(officer, decisions) == http.StatusForbidden })
	m.Role, m.Counties = "officer", []string{"411622"}
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, m, time.Time{}); err != nil {
		t.Fatal(err)
	}
	soon("his new county", func() bool { return status(officer, "/v1/decisions?county=411622") == http.StatusOK })
	if n := status(officer, decisions); n != http.StatusNotFound {
		t.Errorf("the county he had: %d", n)
	}
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, m, time.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	soon("his end", func() bool { return status(officer, "/v1/me") == http.StatusForbidden })
}
