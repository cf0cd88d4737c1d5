package store_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

func TestMembersAndTokens(t *testing.T) {
	s, address := newStore(t)
	ctx := context.Background()
	li := store.Member{Subject: "li", Name: "李", Role: "officer", Counties: []string{"341523"}}
	if err := s.PutMember(ctx, "https://id.example", li, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutMember(ctx, "https://id.example", store.Member{Subject: "x", Role: "king"}, time.Time{}); err == nil {
		t.Error("a role that does not exist")
	}
	token, err := s.NewToken(ctx, store.Member{Subject: "portal", Name: "county portal", Role: "clerk", Counties: []string{"341523"}}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	late, err := s.NewToken(ctx, store.Member{Subject: "old", Role: "clerk"}, time.Now().Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	// The service asks with a login of its own, which may look one up and not list.
	if err := s.CreateLogin(ctx, "api_of_members", "it's 'quoted'"); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateLogin(ctx, "api_of_members", "changed"); err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(address)
	u.User = url.UserPassword("api_of_members", "changed")
	api, err := store.Open(ctx, u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	if m, err := api.MemberOf(ctx, "https://id.example", "li"); err != nil || m.Name != "李" || m.Role != "officer" || m.Counties[0] != "341523" {
		t.Error(m, err)
	}
	if m, err := api.MemberWith(ctx, token); err != nil || m.Subject != "portal" {
		t.Error(m, err)
	}
	for what, err := range map[string]error{
		"another provider": second(api.MemberOf(ctx, "https://other.example", "li")), "a token's name": second(api.MemberOf(ctx, "service", "portal")),
		"an ended token": second(api.MemberWith(ctx, late)), "a made-up token": second(api.MemberWith(ctx, "parus_x")), "none": second(api.MemberWith(ctx, "")),
	} {
		if !errors.Is(err, store.ErrStranger) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, attack := range []string{"SELECT * FROM parus.member", "INSERT INTO parus.member VALUES ('a', 'b', 'c', 'clerk', '{}')", "UPDATE parus.member SET role = 'approver'", "SET ROLE parus"} {
		if err := api.As(ctx, li.Asker(), func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", attack, err)
		}
	}
}

func second(_ store.Member, err error) error { return err }
